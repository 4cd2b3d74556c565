/** Waits on the real clock until the claim holds: for tests over real sockets, which have no other. */
export async function eventually(claim: () => boolean, what: string, withinMs = 10_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!claim()) {
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
