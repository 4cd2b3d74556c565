import { pino } from 'pino';
import type { Logger } from 'pino';
import { BoundedLogFile } from './bounded-log-file.js';
import type { ReplicaConfig } from '../config/config.js';
import { ConfigError } from '../config/config-problem.js';

const MIB = 1024 * 1024;
const MAX_FILE_BYTES = 10 * MIB;

/** Whatever carries one of these names is a secret or holds one; it is no reason to log it that somebody did. */
const SECRET_KEYS = ['secret', 'credential', 'session', 'seed', 'privateKey', 'contents', 'handle'];

/**
 * The log of a replica: one JSON object a line, to a bounded file or to standard output, never with a secret in it.
 * Written at once, so that the last line before an end is there.
 *
 * @throws ConfigError when the file cannot be opened
 */
export function openLog(config: Pick<ReplicaConfig, 'cell' | 'replicaId' | 'log'>): Logger {
  const { level, file } = config.log;
  const destination = file === undefined ? pino.destination({ fd: 1, sync: true }) : openFile(file);
  return pino(
    {
      level,
      base: { cell: config.cell, replica: config.replicaId, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[secret]' },
    },
    destination,
  );
}

function openFile(file: string): BoundedLogFile {
  try {
    return new BoundedLogFile(file, MAX_FILE_BYTES);
  } catch (error) {
    const message = `${(error as Error).message}: name a file that can be written, or none for standard output`;
    throw new ConfigError([{ where: 'log.file', message }]);
  }
}
