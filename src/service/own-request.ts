/** A request that keeps nothing alive but itself, and what it takes. */
export interface OwnRequest<R> {
  readonly request: R;
  readonly sizeBytes: number;
}

/** At least what a field takes beside its bytes. */
const FIELD_BYTES = 16;

/**
 * A copy of a decoded request whose bytes are its own. What a decoder makes are views, and one of them would keep the
 * whole message that it came in, with a batch of other requests, for as long as the request waits.
 */
export function ownRequest<R extends object>(decoded: R): OwnRequest<R> {
  let sizeBytes = 0;
  const own = (value: unknown): unknown => {
    sizeBytes += FIELD_BYTES;
    if (value instanceof Uint8Array) {
      sizeBytes += value.length;
      return Buffer.from(value);
    }
    if (typeof value === 'string') sizeBytes += value.length;
    if (Array.isArray(value)) return value.map(own);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, own(field)]));
  };
  const request = own(decoded) as R;
  return { request, sizeBytes };
}
