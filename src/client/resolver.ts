/** Looks names up. */
export interface Resolver {
  /**
   * Every address of a host name, IPv4 and IPv6, without brackets.
   *
   * @throws Error when the name cannot be looked up now
   */
  addressesOf(name: string): Promise<readonly string[]>;
}
