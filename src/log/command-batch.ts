import { ByteReader, ByteWriter, MalformedBytes } from '../common/bytes.js';

// The commands of one value of the log. (DESIGN 3.3) The mark tells them from what another application, as chubbyd, wrote.

const MARK = 0x4c;
const FORMAT_VERSION = 1;

export function encodeCommands(commands: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  const out = new ByteWriter(sizeBytes).u8(MARK).u8(FORMAT_VERSION).uint(commands.length);
  for (const command of commands) out.bytes(command);
  return out.view();
}

/**
 * @returns views into `body`
 * @throws MalformedBytes for anything that {@link encodeCommands} does not write, before any command is carried out
 */
export function decodeCommands(body: Uint8Array): Uint8Array[] {
  const from = new ByteReader(body);
  if (from.u8() !== MARK) {
    throw new MalformedBytes('a value of this log was written by another application: correct the data directory');
  }
  const version = from.u8();
  if (version !== FORMAT_VERSION) {
    throw new MalformedBytes(
      `a value of this log has commands of format ${version}, this version reads ${FORMAT_VERSION}: start the version that wrote it`,
    );
  }
  const commands = Array.from({ length: countOf(from) }, () => from.bytes());
  from.end();
  return commands;
}

/** Each command takes a byte at least. */
function countOf(from: ByteReader): number {
  const count = from.uint();
  if (count > from.remaining) throw new MalformedBytes('it holds fewer commands than it says');
  return count;
}
