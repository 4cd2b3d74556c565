import { ChubbyError } from './chubby-error.js';

/** Where the replicas of a cell are: said one by one, or by a name whose every address is one. */
export type CellAddress =
  | { readonly kind: 'list'; readonly addresses: readonly string[] }
  | { readonly kind: 'dns'; readonly name: string; readonly port: number };

/** Of the cell that `npm start` runs. (DESIGN 8) */
export const LOCAL_CELL = [7101, 7102, 7103, 7104, 7105].map((port) => `127.0.0.1:${port}`).join(',');

const HOST_AND_PORT = /^(?:\[[0-9a-fA-F:.%]+\]|[^:[\]\s,]+):(\d{1,5})$/;
const DNS = /^dns:([^:[\]\s,]+):(\d{1,5})$/;
const PORT_MAX = 65_535;

/**
 * Reads `host:port,host:port,...` or `dns:NAME:PORT`.
 *
 * @throws ChubbyError BAD_ARGUMENT when it is neither
 */
export function parseCellAddress(text: string): CellAddress {
  const dns = DNS.exec(text.trim());
  if (dns !== null) return { kind: 'dns', name: dns[1]!, port: portOf(dns[2]!, text) };
  const addresses = text.split(',').map((part) => part.trim());
  for (const address of addresses) {
    const match = HOST_AND_PORT.exec(address);
    if (match === null) throw badAddress(`"${address}" is not an address of the form host:port`);
    portOf(match[1]!, address);
  }
  return { kind: 'list', addresses: [...new Set(addresses)] };
}

/** `host:port` as an address is written: IPv6 in brackets. */
export const joinAddress = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

function portOf(digits: string, where: string): number {
  const port = Number(digits);
  if (port === 0 || port > PORT_MAX) throw badAddress(`"${where}" names port ${digits}, which there is not`);
  return port;
}

const badAddress = (message: string): ChubbyError =>
  new ChubbyError('BAD_ARGUMENT', message, {
    remedy: 'name the cell as host:port,host:port,... or as dns:NAME:PORT',
  });
