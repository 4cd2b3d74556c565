/**
 * A copy that shares nothing with its original, as a message has become once it was bytes: what one side does to its own
 * afterwards must not reach the other.
 */
export const copyMessage = <Message>(message: Message): Message => copyOf(message) as Message;

function copyOf(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, copyOf(field)]));
}
