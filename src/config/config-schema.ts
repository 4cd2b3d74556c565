import { LIMITS } from '../wire/limits.js';
import { DEFAULT_SNAPSHOT_SCHEDULE } from '../replica/snapshot-keeper.js';
import { DEFAULT_RESERVE_BYTES } from '../replica/space-watch.js';
import { DEFAULT_CELL_TIMINGS } from './default-timings.js';

/**
 * The part of JSON Schema that the configuration needs. A description says what is expected, so that it can be read
 * after "expected": it is the remedy for a value that is refused, and the help for one that is looked up.
 */
export interface SchemaNode {
  readonly type: 'object' | 'array' | 'string' | 'integer' | 'number';
  readonly description: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly items?: SchemaNode;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: string | number;
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

const MAX_DURATION_MS = 60_000;
const LONGEST_GRACE_MS = 600_000;
const SMALLEST_RESERVE_BYTES = 16 * 1024 * 1024;
const LARGEST_RESERVE_BYTES = 16 * 1024 * 1024 * 1024;

const address = (description: string): SchemaNode => ({
  type: 'string',
  description: `${description}, as host:port or [v6]:port`,
  minLength: 3,
});

const listen = (description: string): SchemaNode => ({
  type: 'object',
  description: `a map with the key listen`,
  additionalProperties: false,
  properties: { listen: address(description) },
});

const durationMs = (description: string, byDefault: number): SchemaNode => ({
  type: 'integer',
  description: `a whole number of ms up to ${MAX_DURATION_MS}: ${description}`,
  minimum: 0,
  maximum: MAX_DURATION_MS,
  default: byDefault,
});

const REPLICA: SchemaNode = {
  type: 'object',
  description: 'a map with the keys id, clientAddress and peerAddress',
  additionalProperties: false,
  required: ['id', 'clientAddress', 'peerAddress'],
  properties: {
    id: { type: 'integer', description: 'the id of a replica, a whole number from 1 to 255', minimum: 1, maximum: 255 },
    clientAddress: address('where clients reach this replica'),
    peerAddress: address('where the other replicas reach this replica'),
    adminAddress: address('where this replica answers admin HTTP'),
  },
};

/** 5.6 GB a day: a database of the largest size with its snapshots is read daily, one of 100 MB every hour or two. */
export const DEFAULT_SCRUB_BYTES_PER_SECOND = 64 * 1024;

/** The configuration of one replica, as JSON Schema. */
export const CONFIG_SCHEMA: SchemaNode = {
  type: 'object',
  description:
    'a map of the keys cell, replicaId, replicas, client, peer, admin, dataDir, disk, snapshots, scrub, log, timings',
  additionalProperties: false,
  required: ['cell', 'replicaId', 'replicas', 'dataDir'],
  properties: {
    cell: {
      type: 'string',
      description: "the cell's name as in /ls/<cell>: 1 to 63 lower-case letters, digits and hyphens",
      pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$',
    },
    replicaId: {
      type: 'integer',
      description: 'the id of the replica to run, one of those under replicas',
      minimum: 1,
      maximum: 255,
    },
    replicas: {
      type: 'array',
      description: 'all replicas of the cell, the same list in the configuration of each: 1, 3, 5 or 7',
      items: REPLICA,
      minItems: 1,
      maxItems: 7,
    },
    client: listen("where to listen for clients, if not at this replica's clientAddress"),
    peer: listen("where to listen for the other replicas, if not at this replica's peerAddress"),
    admin: listen("where to listen for admin HTTP, if not at this replica's adminAddress"),
    dataDir: {
      type: 'string',
      description: 'the directory for what must survive; {replicaId} stands for the id',
      minLength: 1,
    },
    log: {
      type: 'object',
      description: 'a map of the keys level and file',
      additionalProperties: false,
      properties: {
        level: {
          type: 'string',
          description: `how much to log: ${LOG_LEVELS.join(', ')}`,
          enum: LOG_LEVELS,
          default: 'info',
        },
        file: {
          type: 'string',
          description:
            'the log file, kept below 20 MB with its predecessor; {replicaId} stands for the id; else stdout',
          minLength: 1,
        },
      },
    },
    disk: {
      type: 'object',
      description: 'a map of the key reserveBytes',
      additionalProperties: false,
      properties: {
        reserveBytes: {
          type: 'integer',
          description:
            `room that is taken beforehand under dataDir, for what the cell must write when the disk is full; with less ` +
            `than half as much free beside it, nothing else is written: from ${SMALLEST_RESERVE_BYTES} to ${LARGEST_RESERVE_BYTES}`,
          minimum: SMALLEST_RESERVE_BYTES,
          maximum: LARGEST_RESERVE_BYTES,
          default: DEFAULT_RESERVE_BYTES,
        },
      },
    },
    snapshots: {
      type: 'object',
      description: 'a map of when this replica takes a snapshot of its database and frees the log behind it',
      additionalProperties: false,
      properties: {
        afterLogBytes: {
          type: 'integer',
          description: 'bytes of log since the last snapshot after which the next one is taken, at least 65536',
          minimum: 65_536,
          default: DEFAULT_SNAPSHOT_SCHEDULE.afterLogBytes,
        },
        afterSlots: {
          type: 'integer',
          description: 'log values since the last snapshot after which the next one is taken, at least 100',
          minimum: 100,
          default: DEFAULT_SNAPSHOT_SCHEDULE.afterSlots,
        },
        kept: {
          type: 'integer',
          description: 'how many of the newest snapshots are kept, with the log between them: from 1 to 100',
          minimum: 1,
          maximum: 100,
          default: DEFAULT_SNAPSHOT_SCHEDULE.kept,
        },
      },
    },
    scrub: {
      type: 'object',
      description: 'a map of how this replica reads its files again, to find damage while it runs',
      additionalProperties: false,
      properties: {
        bytesPerSecond: {
          type: 'integer',
          description: 'how fast, at least 1024',
          minimum: 1024,
          default: DEFAULT_SCRUB_BYTES_PER_SECOND,
        },
      },
    },
    timings: {
      type: 'object',
      description:
        'a map of what a cell is born with, the same for all replicas; once it is born, its database says what is in force',
      additionalProperties: false,
      properties: {
        leaseMs: durationMs(
          "how long one answer of a voter lasts as part of a master's lease",
          DEFAULT_CELL_TIMINGS.leaseMs,
        ),
        renewMs: durationMs('how often an idle master renews its lease', DEFAULT_CELL_TIMINGS.renewMs),
        maxClockDrift: {
          type: 'number',
          description: "the bound on any clock's rate against any other's, a fraction below 0.5",
          minimum: 0,
          maximum: 0.5,
          default: DEFAULT_CELL_TIMINGS.maxClockDrift,
        },
        leaseMarginMs: durationMs('how much earlier than computed a master stops', DEFAULT_CELL_TIMINGS.leaseMarginMs),
        electionJitterMs: durationMs('the longest random pause before standing', DEFAULT_CELL_TIMINGS.electionJitterMs),
        resendMs: durationMs('after how long an unanswered message is sent again', DEFAULT_CELL_TIMINGS.resendMs),
        windowSlots: {
          type: 'integer',
          description: 'how many slots may be in flight, a whole number from 1 to 1024',
          minimum: 1,
          maximum: 1024,
          default: DEFAULT_CELL_TIMINGS.windowSlots,
        },
        sessionLeaseMs: {
          type: 'integer',
          description: `a whole number of ms, the lease of a session that asks for none: from ${LIMITS.sessionLeaseMinMs} to ${LIMITS.sessionLeaseMaxMs}`,
          minimum: LIMITS.sessionLeaseMinMs,
          maximum: LIMITS.sessionLeaseMaxMs,
          default: DEFAULT_CELL_TIMINGS.sessionLeaseMs,
        },
        graceMs: {
          type: 'integer',
          description: `a whole number of ms, how long a client waits for a master beyond its lease: at most ${LONGEST_GRACE_MS}`,
          minimum: 0,
          maximum: LONGEST_GRACE_MS,
          default: DEFAULT_CELL_TIMINGS.graceMs,
        },
      },
    },
  },
};

export const VARIABLE_PREFIX = 'CHUBBYD_';

/** A value that can be given by an environment variable. */
export interface Setting {
  readonly path: readonly string[];
  readonly variable: string;
  readonly schema: SchemaNode;
}

/** `['log', 'level']` is CHUBBYD_LOG_LEVEL, `['dataDir']` is CHUBBYD_DATA_DIR. */
const variableOf = (path: readonly string[]): string =>
  VARIABLE_PREFIX + path.map((key) => key.replace(/[A-Z]/g, '_$&').toUpperCase()).join('_');

function settingsUnder(path: readonly string[], schema: SchemaNode): Setting[] {
  if (schema.properties === undefined) return [{ path, variable: variableOf(path), schema }];
  return Object.entries(schema.properties).flatMap(([key, value]) => settingsUnder([...path, key], value));
}

/** All of them, in the schema's order. */
export const SETTINGS: readonly Setting[] = settingsUnder([], CONFIG_SCHEMA);
