/** Where a TCP server listens. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/**
 * Takes `host:port` or `[v6]:port` apart.
 *
 * @throws RangeError when it is neither
 */
export function parseAddress(address: string): HostAndPort {
  const match = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<name>[^:[\]]+)):(?<port>\d{1,5})$/.exec(address);
  const host = match?.groups?.['v6'] ?? match?.groups?.['name'];
  const port = Number(match?.groups?.['port']);
  if (host === undefined || port > 65_535) throw new RangeError(`not an address of the form host:port: ${address}`);
  return { host, port };
}
