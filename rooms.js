// @ts-check
// The rooms of src/ and who may import whom. Import walls (.dependency-cruiser.js) and bans of ambient time,
// randomness and I/O (eslint.config.js) are both made from these tables; test/walls/ shows that each wall sees.

const ALL_OF_CHUBBY = ['chubby', 'chubby/calls', 'chubby/records'];
/** What runs in one process without I/O: the cell and its client, all but the adapters to the world. */
const WHOLE_CELL = ['service', 'replica', ...ALL_OF_CHUBBY, 'db', 'paxos', 'storage', 'client', 'wire', 'common'];

/**
 * Room (a folder under src/; a nested room is no part of the outer one) → the other rooms it may import.
 *
 * @type {Record<string, string[]>}
 */
export const MAY_IMPORT = {
  common: [],
  paxos: ['common'],
  storage: ['paxos', 'common'],
  'storage/level': ['storage', 'paxos', 'common'],
  db: ['common'],
  'chubby/records': ['db', 'common'],
  'chubby/calls': ['chubby', 'chubby/records', 'db', 'common'],
  chubby: ['chubby/calls', 'chubby/records', 'db', 'common'],
  wire: ['common'],
  fencing: ['wire', 'common'],
  replica: ['paxos', 'storage', 'common'],
  service: [...ALL_OF_CHUBBY, 'db', 'replica', 'storage', 'wire', 'common'],
  rpc: ['service', 'replica', 'paxos', 'storage', 'wire', 'common'],
  client: ['wire', 'common'],
  machine: ['common'],
  'client/grpc': ['client', 'machine', 'wire', 'common'],
  /** Data directories of replicas that do not run. */
  offline: [...ALL_OF_CHUBBY, 'storage/level', 'storage', 'db', 'paxos', 'common'],
  cli: ['client', 'offline', 'config', 'machine', 'common'],
  /** The configuration of a cell's replicas, read and checked. */
  config: ['rpc', 'replica', 'chubby/records', 'paxos', 'wire', 'common'],
  /** The replicated log for other applications than Chubby. */
  log: ['rpc', 'replica', 'storage/level', 'storage', 'paxos', 'machine', 'wire', 'common'],
  testing: WHOLE_CELL,
  sim: ['testing', ...WHOLE_CELL],
  server: ['config', 'rpc', 'storage/level', 'client/grpc', 'machine', ...WHOLE_CELL],
};

/**
 * Room → the rooms of which it may import types only: what they say to each other, not what they do.
 *
 * @type {Record<string, string[]>}
 */
export const TYPES_ONLY = {
  storage: ['paxos'],
  'storage/level': ['paxos'],
  rpc: ['paxos', 'storage'],
};

/** Generated from proto/: types, erased by the compiler, whose own imports are types too. */
export const GENERATED = 'src/wire/gen/';

/** Input to output and synchronous: time and randomness are arguments, effects are results. */
export const PURE = ['paxos', 'db', ...ALL_OF_CHUBBY];

/** Time, randomness and I/O come through ports only; may wait. The pure rooms are deterministic all the more. */
export const DETERMINISTIC = [...PURE, 'common', 'storage', 'replica', 'service', 'client', 'wire', 'testing', 'sim'];

/** Where the simulator meets the terminal: in a deterministic room, but free. */
export const SIM_MAIN = 'src/sim/main.ts';

/** The package's entry gives `connect` its gRPC channel: the one file of client/ that knows client/grpc/. */
export const CLIENT_ENTRY = 'src/client/index.ts';

/**
 * The few modules from outside that files of deterministic rooms may import: functions of their input alone.
 *
 * @type {Record<string, { from: string, to: string }>} regular expressions over paths
 */
export const HARMLESS = {
  crypto: { from: '^src/common/crypto[.]ts$', to: '^(node:)?crypto$' },
  checksum: { from: '^src/common/checksum[.]ts$', to: '^(node:)?zlib$' },
  btree: { from: '^src/db/', to: 'node_modules/sorted-btree/' },
};

/**
 * The names of the rooms that lie inside a room.
 *
 * @param {string} room
 */
export const nestedIn = (room) =>
  Object.keys(MAY_IMPORT)
    .filter((other) => other.startsWith(`${room}/`))
    .map((other) => other.slice(room.length + 1));
