import { MalformedBytes } from '../../common/bytes.js';
import { checksum } from '../../common/checksum.js';
import type { Identity, Incarnation, ReplicaId } from '../../paxos/ballot.js';
import type { CellId, ReplicaIdentity } from '../identity-store.js';
import { NewerFormat } from '../newer-format.js';

/** Of who founded its cell, or may; what an earlier program reads, too. */
const FORMAT_OF_FOUNDERS = 1;
/** Of who joined a cell that lived already. */
const FORMAT_OF_JOINED = 2;

type Json = Readonly<Record<string, unknown>>;

/** The identity as the text of its file: JSON that people can read, with a checksum over the identity in it. */
export function formatIdentity(identity: ReplicaIdentity): string {
  const formatVersion = hasJoined(identity) ? FORMAT_OF_JOINED : FORMAT_OF_FOUNDERS;
  return `${JSON.stringify({ formatVersion, checksum: sumOf(identity), identity }, null, 2)}\n`;
}

/**
 * @throws MalformedBytes for anything that {@link formatIdentity} does not produce
 * @throws NewerFormat when a later version of this program wrote it
 */
export function parseIdentity(text: string): ReplicaIdentity {
  const file = objectIn(parseJson(text), 'the file');
  if (typeof file['formatVersion'] === 'number' && file['formatVersion'] > FORMAT_OF_JOINED) {
    throw new NewerFormat('it', file['formatVersion'], FORMAT_OF_JOINED);
  }
  const { formatVersion } = file;
  expect(formatVersion === FORMAT_OF_FOUNDERS || formatVersion === FORMAT_OF_JOINED, 'its format version is not known');
  expect(file['checksum'] === sumOf(file['identity']), 'its checksum does not fit');
  const identity = identityIn(objectIn(file['identity'], 'the identity'));
  expect(hasJoined(identity) === (formatVersion === FORMAT_OF_JOINED), 'its format is not that of its identity');
  return identity;
}

const hasJoined = ({ cellId, founders }: ReplicaIdentity): boolean => cellId !== undefined && founders === undefined;

/** Over the identity's JSON without white space, in the order in which the fields stand in the file. */
const sumOf = (identity: unknown): string =>
  checksum(Buffer.from(JSON.stringify(identity) ?? '', 'utf8'))
    .toString(16)
    .padStart(8, '0');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedBytes('it is not JSON', { cause: error });
  }
}

function identityIn(from: Json): ReplicaIdentity {
  const { state, longestLeaseMs, cellId, founders } = from;
  expect(state === 'forming' || state === 'member', 'its state is neither forming nor member');
  expect(typeof longestLeaseMs === 'number' && longestLeaseMs >= 0, 'longestLeaseMs is not a length of time');
  expect(cellId !== undefined || founders === undefined, 'founders have a cell');
  expect(state === 'member' || (cellId === undefined) === (founders === undefined), 'who forms a cell has founders');
  expect(state === 'forming' || cellId !== undefined, 'a member has a cell');
  return {
    state,
    self: voterIn(from['self']),
    offeredCellId: cellIdIn(from['offeredCellId']),
    ...(cellId !== undefined && { cellId: cellIdIn(cellId) }),
    ...(founders !== undefined && { founders: foundersIn(founders) }),
    longestLeaseMs,
  };
}

function foundersIn(from: unknown): Identity[] {
  expect(Array.isArray(from) && from.length > 0, 'a cell has founders');
  return from.map(voterIn);
}

function voterIn(from: unknown): Identity {
  const { replicaId, incarnation } = objectIn(from, 'a replica');
  expect(Number.isSafeInteger(replicaId) && (replicaId as number) >= 1, 'a replica id is a whole number from 1 on');
  return { replicaId: replicaId as ReplicaId, incarnation: hexIn(incarnation, 16) as Incarnation };
}

const cellIdIn = (from: unknown): CellId => hexIn(from, 32) as CellId;

function hexIn(from: unknown, digits: number): string {
  expect(
    typeof from === 'string' && from.length === digits && /^[0-9a-f]*$/.test(from),
    `${digits} hex digits missing`,
  );
  return from;
}

function objectIn(from: unknown, what: string): Json {
  expect(typeof from === 'object' && from !== null && !Array.isArray(from), `${what} is not an object`);
  return from as Json;
}

function expect(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new MalformedBytes(otherwise);
}
