import type { NameBounds } from './bounds.js';
import { belowCell, childPath, levelsOf, ROOT } from './records/node-path.js';
import type { NodePath } from './records/node-path.js';
import { quote, Refusal } from './refusal.js';

/** The cell at hand, whatever it is called ([CH] 2.3). */
const LOCAL = 'local';

/**
 * Which node a client means: `/ls/<cell>/a/b`, or `/ls/local/a/b`; one slash at the end is forgiven.
 *
 * @param cell the name of the cell at hand
 * @returns MALFORMED_NAME, WRONG_CELL or LIMIT_NAME for anything else
 */
export function parseName(name: string, cell: string, bounds: NameBounds): NodePath | Refusal {
  if (isTooLong(name, bounds)) return tooLong(name, bounds);
  const trimmed = name.endsWith('/') ? name.slice(0, -1) : name;
  const [empty, ls, named, ...components] = trimmed.split('/');
  if (empty !== '' || ls !== 'ls' || named === undefined || named === '') {
    return malformed(name, 'does not begin with /ls/<cell>');
  }
  if (named !== cell && named !== LOCAL) {
    return new Refusal('WRONG_CELL', `the name ${quote(name)} belongs to cell ${quote(named)}; this is ${quote(cell)}`);
  }
  return append(ROOT, components, name, cell, bounds);
}

/**
 * Which node a client means by `a/b` below a directory that it has open; one slash at the end is forgiven.
 *
 * @returns MALFORMED_NAME, or LIMIT_NAME where the whole name is too long or too deep
 */
export function parseNameBelow(
  directory: NodePath,
  name: string,
  cell: string,
  bounds: NameBounds,
): NodePath | Refusal {
  if (isTooLong(name, bounds)) return tooLong(name, bounds);
  const trimmed = name.endsWith('/') ? name.slice(0, -1) : name;
  return append(directory, trimmed.split('/'), name, cell, bounds);
}

/** Why this cannot be one component of a name; nothing when it can. */
export const componentProblem = (component: string): string | undefined =>
  component.includes('/') ? 'has a slash' : problemOf(component);

/** The whole name of a node. */
export const nameOf = (path: NodePath, cell: string): string => `/ls/${cell}${belowCell(path)}`;

function append(
  directory: NodePath,
  components: readonly string[],
  name: string,
  cell: string,
  bounds: NameBounds,
): NodePath | Refusal {
  if (levelsOf(directory) + components.length > bounds.nameLevels) {
    return new Refusal('LIMIT_NAME', `the name ${quote(name)} has more than ${bounds.nameLevels} levels`);
  }
  let path = directory;
  for (const component of components) {
    const problem = problemOf(component);
    if (problem !== undefined) return malformed(name, problem);
    path = childPath(path, Buffer.from(component, 'utf8').toString('latin1'));
  }
  return wholeNameBytes(path, cell) > bounds.nameBytes ? tooLong(name, bounds) : path;
}

const isTooLong = (name: string, { nameBytes }: NameBounds): boolean =>
  name.length > nameBytes || Buffer.byteLength(name, 'utf8') > nameBytes;

const tooLong = (name: string, { nameBytes }: NameBounds): Refusal =>
  new Refusal('LIMIT_NAME', `the name ${quote(name)} is longer than ${nameBytes} bytes`);

/** Of the name as {@link nameOf} gives it. */
const wholeNameBytes = (path: NodePath, cell: string): number => '/ls/'.length + cell.length + path.length - 1;

const malformed = (name: string, problem: string): Refusal =>
  new Refusal('MALFORMED_NAME', `the name ${quote(name)} ${problem}`);

function problemOf(component: string): string | undefined {
  if (component === '') return 'has an empty component';
  if (component === '.' || component === '..') return `has the component ${quote(component)}`;
  for (let i = 0; i < component.length; i++) {
    const unit = component.charCodeAt(i);
    if (unit < 0x20 || unit === 0x7f) return 'has a control character';
    // What a decoder writes where the bytes were not UTF-8.
    if (unit === 0xfffd) return 'is not UTF-8';
    if (unit >= 0xd800 && unit <= 0xdfff) {
      if (!isPair(unit, component.charCodeAt(i + 1))) return 'is not UTF-8';
      i++;
    }
  }
  return undefined;
}

const isPair = (high: number, low: number): boolean => high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff;
