import { counted } from '../../common/counted.js';
import type { CellReport } from '../../client/index.js';
import { configurationFindings } from './configuration-findings.js';
import { contactFindings } from './contact-findings.js';
import { finding, note } from './diagnosis.js';
import type { Diagnosis, Finding, Patient } from './diagnosis.js';
import { fitnessFindings } from './fitness-findings.js';

/**
 * Judges what the replicas of a cell say of themselves and of one another: a pure function of their reports.
 *
 * @returns the findings, what hinders most first, and how many more failures the cell survives (DESIGN 9)
 */
export function diagnose(cell: CellReport): Diagnosis {
  const patients = cell.replicas.filter(
    (replica): replica is Patient => replica.id !== null && replica.health !== null,
  );
  const voters = votersOf(cell, patients);
  const findings = [
    ...contactFindings(cell, patients),
    ...configurationFindings(patients),
    ...fitnessFindings(patients, cell.master?.id),
    ...evenNumber(voters),
    ...unspoken(cell),
    ...backups(patients),
  ];
  const ordered = findings.sort((a, b) => weightOf(a) - weightOf(b));
  const hindered = new Set(findings.filter(({ hinders }) => hinders).flatMap(({ replicas }) => replicas));
  const fit = voters.filter((id) => !hindered.has(id)).length;
  return { ...prognosis(cell, voters.length, fit), findings: ordered };
}

/** By who knows best: the master, else the replica that knows most of the log. */
function votersOf({ master }: CellReport, patients: readonly Patient[]): readonly number[] {
  const byKnowledge = patients.toSorted((a, b) => (b.chosen ?? 0) - (a.chosen ?? 0));
  const best = patients.find(({ id }) => id === master?.id) ?? byKnowledge[0];
  return best?.health.voters ?? [];
}

function prognosis(
  { replicas, master, lookUpFailure }: CellReport,
  voters: number,
  fit: number,
): Omit<Diagnosis, 'findings'> {
  if (replicas.every(({ role }) => role === 'unreachable')) {
    const why = replicas.length === 0 && lookUpFailure !== null ? `: ${lookUpFailure}` : '';
    return { survives: null, couldSurvive: null, verdict: `no replica answers${why}` };
  }
  if (voters === 0) return { survives: null, couldSurvive: null, verdict: 'no replica says who votes' };
  const needed = Math.floor(voters / 2) + 1;
  const couldSurvive = voters - needed;
  const parts = `${fit} of ${counted(voters, 'voter')} can take part, ${needed} are needed`;
  if (master === null)
    return { survives: null, couldSurvive, verdict: `the cell has no master and serves nothing: ${parts}` };
  const survives = Math.max(0, fit - needed);
  const failures = survives === 0 ? 'no more failure' : counted(survives, 'more failure');
  const instead = survives < couldSurvive ? ` instead of ${couldSurvive}` : '';
  return { survives, couldSurvive, verdict: `the cell survives ${failures}${instead}: ${parts}` };
}

function* evenNumber(voters: readonly number[]): Iterable<Finding> {
  if (voters.length === 0 || voters.length % 2 === 1) return;
  yield finding({
    kind: 'even',
    replicas: [],
    text: `${voters.length} replicas vote: one more would let the cell survive one more failure, one less costs nothing`,
    remedy: 'add one, or remove one',
  });
}

function* unspoken({ replicas }: CellReport): Iterable<Finding> {
  for (const { id, role, health } of replicas) {
    if (id === null || role === 'unreachable' || health !== null) continue;
    const text = `replica ${id} says nothing of its health: its program is too old`;
    yield finding({ kind: 'old', replicas: [id], text, remedy: 'upgrade it' });
  }
}

function* backups(patients: readonly Patient[]): Iterable<Finding> {
  if (patients.length === 0) return;
  const text = 'whether there are backups is not known here';
  yield note({
    kind: 'backups',
    replicas: [],
    text,
    remedy: 'take them with chubby backup, and try them with chubby restore',
  });
}

const weightOf = ({ hinders, note: isNote }: Finding): number => (hinders ? 0 : isNote ? 2 : 1);
