/** Bytes that are no message of the type expected: cut short, a number beyond 2^53, a text that is not UTF-8. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

/**
 * A message decoded from bytes that anybody may have sent, and believed: each number is a safe integer (a decoder
 * rounds a uint64 beyond 2^53 silently, DESIGN 6), and no text holds U+FFFD, which a decoder puts where bytes are not
 * UTF-8.
 *
 * All numbers of our protocols are integers. A text that honestly holds U+FFFD is refused too: it cannot be told apart.
 *
 * @throws MalformedMessage
 */
export function decodeWellFormed<Message>(decode: (bytes: Buffer) => Message, bytes: Buffer): Message {
  let message: Message;
  try {
    message = decode(bytes);
  } catch (error) {
    // Decoders throw errors of several classes for damaged bytes; nothing else can go wrong in there.
    throw new MalformedMessage('not a message of this type', { cause: error });
  }
  if (!isWellFormed(message)) throw new MalformedMessage('a number beyond 2^53, or a text that is not UTF-8');
  return message;
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value === 'string') return !value.includes('\uFFFD');
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return true;
  return hasWellFormedMembers(value);
}

function hasWellFormedMembers(message: object): boolean {
  if (Array.isArray(message)) return message.every(isWellFormed);
  // for-in rather than Object.values: no array per message on the hottest path of the service.
  for (const key in message) if (!isWellFormed(message[key as keyof typeof message])) return false;
  return true;
}
