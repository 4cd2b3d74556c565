interface Shared {
  readonly acts: Set<() => void>;
  readonly listener: () => void;
}

const sharedOf = new WeakMap<AbortSignal, Shared>();

/**
 * Does something when the signal fires. However many calls share a signal, they are one listener to it: of more than ten
 * Node warns as of a leak.
 *
 * @returns stops it
 */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  const shared = sharedOf.get(signal) ?? share(signal);
  // Of its own, lest one that is given twice is done once.
  const own = (): void => act();
  shared.acts.add(own);
  return () => {
    shared.acts.delete(own);
    if (shared.acts.size > 0 || sharedOf.get(signal) !== shared) return;
    sharedOf.delete(signal);
    signal.removeEventListener('abort', shared.listener);
  };
}

function share(signal: AbortSignal): Shared {
  const acts = new Set<() => void>();
  const shared = { acts, listener: () => acts.forEach((act) => act()) };
  signal.addEventListener('abort', shared.listener, { once: true });
  sharedOf.set(signal, shared);
  return shared;
}
