/** Why a call failed; `none` where it did not. */
export const reasonOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'none',
    (error: { readonly reason?: unknown }) => error.reason,
  );
