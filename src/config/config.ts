import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv } from 'ajv';
import type { ErrorObject } from 'ajv';
import type { ReplicaId } from '../paxos/ballot.js';
import { DEFAULT_SNAPSHOT_SCHEDULE } from '../replica/snapshot-keeper.js';
import { DEFAULT_RESERVE_BYTES } from '../replica/space-watch.js';
import type { SnapshotSchedule } from '../replica/snapshot-keeper.js';
import type { CellTimings } from '../chubby/records/cell-facts.js';
import { DEFAULT_CELL_TIMINGS } from './default-timings.js';
import { findProblems } from './config-checks.js';
import type { CheckedValues, ReplicaAddresses } from './config-checks.js';
import { ConfigError, showPath } from './config-problem.js';
import type { ConfigProblem, KeyPath } from './config-problem.js';
import { CONFIG_SCHEMA, DEFAULT_SCRUB_BYTES_PER_SECOND, SETTINGS } from './config-schema.js';
import type { LOG_LEVELS, SchemaNode } from './config-schema.js';
import { ConfigSource } from './config-source.js';
import type { ConfigInput } from './config-source.js';
import { nearestName } from '../common/nearest-name.js';

// The configuration of one replica: a YAML file, over it the environment, over that the command line.
//
// An environment variable is CHUBBYD_ and the key path in capitals, with "_" between keys and before each capital of a
// key: replicaId is CHUBBYD_REPLICA_ID, client.listen is CHUBBYD_CLIENT_LISTEN, timings.leaseMs is
// CHUBBYD_TIMINGS_LEASE_MS. A list is given in YAML: CHUBBYD_REPLICAS='[{id: 1, clientAddress: ...}]'.
//
// One file can serve all replicas of a cell: what differs is the id, and what follows from it. A replica listens where
// its entry under `replicas` says unless `client`, `peer` or `admin` say otherwise, and {replicaId} in a path becomes
// its id. Relative paths start from the working directory of the process.

/** A replica of the cell, as its peers and clients know it. */
export interface ConfiguredReplica {
  readonly id: ReplicaId;
  readonly clientAddress: string;
  readonly peerAddress: string;
}

/** What one replica runs by. */
export interface ReplicaConfig {
  /** The cell's name, as in /ls/<cell>. */
  readonly cell: string;
  readonly replicaId: ReplicaId;
  /** All replicas of the cell, by id. */
  readonly replicas: readonly ConfiguredReplica[];
  /** `host:port` each. */
  readonly listen: {
    readonly client: string;
    readonly peer: string;
    /** Absent when there is to be no admin HTTP. */
    readonly admin: string | undefined;
  };
  /** Absolute. */
  readonly dataDir: string;
  readonly log: {
    readonly level: (typeof LOG_LEVELS)[number];
    /** Absolute; standard output when absent. */
    readonly file: string | undefined;
  };
  readonly disk: { readonly reserveBytes: number };
  readonly snapshots: SnapshotSchedule;
  /** How fast it reads its files again. */
  readonly scrub: { readonly bytesPerSecond: number };
  /** The same for all replicas of the cell. */
  readonly timings: CellTimings;
}

/** The values once the schema has passed them. */
interface ConfigValues extends Omit<CheckedValues, 'timings'> {
  readonly cell: string;
  readonly dataDir: string;
  readonly log?: { readonly level?: ReplicaConfig['log']['level']; readonly file?: string };
  readonly disk?: { readonly reserveBytes?: number };
  readonly snapshots?: Partial<SnapshotSchedule>;
  readonly scrub?: Partial<ReplicaConfig['scrub']>;
  readonly timings?: Partial<CellTimings>;
}

const validate = new Ajv({ allErrors: true, verbose: true }).compile<ConfigValues>(CONFIG_SCHEMA);

/**
 * Reads the configuration of one replica.
 *
 * @param file a path, shown in errors as given
 * @param environment usually process.env
 * @throws ConfigError that names every problem, with its place and remedy
 */
export function loadConfig(
  file: string,
  environment: ConfigInput['environment'],
  replicaId?: ConfigInput['replicaId'],
): ReplicaConfig {
  return readConfig({ file, text: readText(file), environment, ...(replicaId !== undefined && { replicaId }) });
}

/**
 * Reads the configurations of all replicas of a cell from the file that they share.
 *
 * @throws ConfigError as {@link loadConfig}
 */
export function loadCell(file: string, environment: ConfigInput['environment']): ReplicaConfig[] {
  const input = { file, text: readText(file), environment };
  const configOf = (id: number): ReplicaConfig => readConfig({ ...input, replicaId: { option: file, value: id } });
  const source = new ConfigSource({ ...input, replicaId: { option: file, value: 1 } });
  return checkedValues(source).replicas.map(({ id }) => configOf(id));
}

/** As {@link loadConfig}, of text that was read already. */
export function readConfig(input: ConfigInput): ReplicaConfig {
  const source = new ConfigSource(input);
  const values = checkedValues(source);
  const timings = { ...DEFAULT_CELL_TIMINGS, ...values.timings };
  const findings = findProblems({ ...values, timings });
  if (findings.length > 0) {
    throw new ConfigError(findings.map(({ path, message }) => ({ where: source.where(path), message })));
  }
  return build(values, timings);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const message = `${(error as Error).message}: give a file that can be read, as in --config config/local-5.yaml`;
    throw new ConfigError([{ where: file, message }]);
  }
}

function checkedValues(source: ConfigSource): ConfigValues {
  const values: unknown = source.values;
  if (validate(values)) return values;
  throw new ConfigError((validate.errors ?? []).map((error) => refusal(error, source)));
}

function build(values: ConfigValues, timings: CellTimings): ReplicaConfig {
  const { cell, replicaId, dataDir, log = {} } = values;
  const own = values.replicas.find(({ id }) => id === replicaId)!;
  const path = (template: string): string => resolve(template.replaceAll('{replicaId}', String(replicaId)));
  return {
    cell,
    replicaId: replicaId as ReplicaId,
    replicas: values.replicas.map(configured).sort((a, b) => a.id - b.id),
    listen: {
      client: values.client?.listen ?? own.clientAddress,
      peer: values.peer?.listen ?? own.peerAddress,
      admin: values.admin?.listen ?? own.adminAddress,
    },
    dataDir: path(dataDir),
    log: { level: log.level ?? 'info', file: log.file === undefined ? undefined : path(log.file) },
    disk: { reserveBytes: values.disk?.reserveBytes ?? DEFAULT_RESERVE_BYTES },
    snapshots: { ...DEFAULT_SNAPSHOT_SCHEDULE, ...values.snapshots },
    scrub: { bytesPerSecond: DEFAULT_SCRUB_BYTES_PER_SECOND, ...values.scrub },
    timings,
  };
}

const configured = ({ id, clientAddress, peerAddress }: ReplicaAddresses): ConfiguredReplica => ({
  id: id as ReplicaId,
  clientAddress,
  peerAddress,
});

/** What the schema refused, in words. */
function refusal(error: ErrorObject, source: ConfigSource): ConfigProblem {
  const path = pathOf(error.instancePath);
  const schema = error.parentSchema as SchemaNode;
  if (error.keyword === 'additionalProperties') {
    const key = String((error.params as { additionalProperty: unknown }).additionalProperty);
    const known = Object.keys(schema.properties ?? {});
    const nearest = nearestName(key, known);
    const remedy = nearest === undefined ? `known here are ${known.join(', ')}` : `did you mean "${nearest}"?`;
    return { where: source.where([...path, key]), message: `unknown key ${JSON.stringify(key)}: ${remedy}` };
  }
  if (error.keyword === 'required') {
    const key = (error.params as { missingProperty: string }).missingProperty;
    return {
      where: source.where(path),
      message: `${showPath([...path, key])} is missing: ${howToGive([...path, key])}`,
    };
  }
  const name = path.length === 0 ? 'the configuration' : showPath(path);
  return { where: source.where(path), message: `${name} is ${shown(error.data)}: expected ${schema.description}` };
}

function howToGive(path: KeyPath): string {
  const setting = SETTINGS.find((candidate) => candidate.path.join('.') === path.join('.'));
  if (setting === undefined) return 'add it';
  const option = setting.variable === 'CHUBBYD_REPLICA_ID' ? ', by --replica' : '';
  return `add ${setting.schema.description}; here${option} or by ${setting.variable}`;
}

/** Ajv writes a path as a JSON pointer; no key of ours is a number or needs escaping. */
const pathOf = (pointer: string): KeyPath =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));

const LONGEST_SHOWN = 60;

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
}
