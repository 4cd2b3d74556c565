/** What the commands end with. Part of their documentation: shown by `chubby --help`, and never changed. */
export const EXIT = {
  ok: 0,
  failed: 1,
  noMaster: 2,
  nobodyReachable: 3,
  timedOut: 4,
  outcomeUnknown: 5,
  notFound: 6,
  leftOut: 7,
  usage: 64,
  lockBusy: 120,
  lockLost: 121,
  lockFailed: 125,
  commandNotExecutable: 126,
  commandNotFound: 127,
  /** Plus the number of the signal. */
  commandKilled: 128,
} as const;

/** One line for each: the code and when it is used. */
export const EXIT_CODES: readonly (readonly [code: string, meaning: string])[] = [
  [`${EXIT.ok}`, 'done; status, doctor: every replica is well'],
  [
    `${EXIT.failed}`,
    'refused by the cell, or failed here; status: the cell serves, but is degraded; doctor: findings; verify: damaged',
  ],
  [`${EXIT.noMaster}`, 'status: no master'],
  [`${EXIT.nobodyReachable}`, 'status: no replica can be reached'],
  [`${EXIT.timedOut}`, 'gave up after --timeout; it was not executed and will not be'],
  [`${EXIT.outcomeUnknown}`, 'gave up; whether it was executed is unknown'],
  [`${EXIT.notFound}`, 'there is no such node'],
  [`${EXIT.leftOut}`, 'import, export: done, but for what is named at the end'],
  [`${EXIT.usage}`, 'the command line is wrong'],
  [`${EXIT.lockBusy}`, 'lock, elect: not granted within --wait'],
  [`${EXIT.lockLost}`, 'lock, elect: the lock may be lost; the command was stopped'],
  [`${EXIT.lockFailed}`, 'lock, elect: failed before the command ran, for any other reason'],
  [`${EXIT.commandNotExecutable}`, 'lock, elect, watch: the command cannot be run'],
  [`${EXIT.commandNotFound}`, 'lock, elect, watch: there is no such command'],
  [
    `${EXIT.commandKilled}+N`,
    'lock, elect: signal N ended the command (otherwise its own exit code is passed on); watch: ended by signal N',
  ],
];
