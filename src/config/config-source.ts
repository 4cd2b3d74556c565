import { isMap, isScalar, isSeq, LineCounter, parse, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import { SETTINGS, VARIABLE_PREFIX } from './config-schema.js';
import type { Setting } from './config-schema.js';
import { ConfigError } from './config-problem.js';
import type { ConfigProblem, KeyPath } from './config-problem.js';
import { nearestName } from '../common/nearest-name.js';

/** Where the values of a configuration come from; the later prevails. */
export interface ConfigInput {
  /** As shown to people. */
  readonly file: string;
  readonly text: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** From the command line: the option's name and what it was given. */
  readonly replicaId?: { readonly option: string; readonly value: number };
}

/** The values of a configuration, not checked yet, and where each of them was given. */
export class ConfigSource {
  readonly #file: string;
  readonly #document: Document;
  readonly #lines: LineCounter;
  /** Settings that did not come from the file, by the first key or keys of their path. */
  readonly #overrides: { readonly path: KeyPath; readonly where: string }[] = [];
  /** A tree of maps, lists and scalars. */
  readonly values: Record<string, unknown>;

  /** @throws ConfigError when the text is no YAML map, or an environment variable has no setting or no readable value */
  constructor(input: ConfigInput) {
    this.#file = input.file;
    this.#lines = new LineCounter();
    this.#document = parseDocument(input.text, { lineCounter: this.#lines, prettyErrors: false });
    const unreadable = this.#document.errors[0];
    if (unreadable !== undefined) {
      throw new ConfigError([
        { where: this.#at(unreadable.pos[0]), message: `not YAML: ${oneLine(unreadable.message)}` },
      ]);
    }
    this.values = this.#readValues();
    const problems: ConfigProblem[] = [];
    for (const [variable, text] of Object.entries(input.environment)) {
      if (variable.startsWith(VARIABLE_PREFIX) && text !== undefined) problems.push(...this.#override(variable, text));
    }
    if (problems.length > 0) throw new ConfigError(problems);
    if (input.replicaId !== undefined) this.#set(['replicaId'], input.replicaId.value, input.replicaId.option);
  }

  /** `FILE:LINE` of what is at the path, or of what should hold it; or the variable or option that set it. */
  where(path: KeyPath): string {
    const override = this.#overrides.find((other) => other.path.every((key, index) => path[index] === key));
    return override?.where ?? this.#at(this.#offsetOf(path));
  }

  #readValues(): Record<string, unknown> {
    let values: unknown;
    try {
      values = this.#document.toJS() ?? {};
    } catch (error) {
      // Aliases that lead nowhere, or to too much.
      if (!(error instanceof ReferenceError)) throw error;
      throw new ConfigError([{ where: this.#file, message: `${oneLine(error.message)}: write the value out` }]);
    }
    if (isRecord(values)) return values;
    throw new ConfigError([{ where: this.#at(0), message: 'expected a map of keys and values, e.g. "cell: local"' }]);
  }

  #override(variable: string, text: string): ConfigProblem[] {
    const setting = SETTINGS.find((candidate) => candidate.variable === variable);
    if (setting === undefined) {
      const known = SETTINGS.map((candidate) => candidate.variable);
      const nearest = nearestName(variable, known);
      const remedy =
        nearest === undefined ? 'unset it; chubbyd --help lists the known ones' : `did you mean ${nearest}?`;
      return [{ where: variable, message: `no setting has this environment variable: ${remedy}` }];
    }
    try {
      this.#set(setting.path, readText(setting, text), variable);
      return [];
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return [
        { where: variable, message: `not YAML: ${oneLine(error.message)}; expected ${setting.schema.description}` },
      ];
    }
  }

  #set(path: readonly string[], value: unknown, where: string): void {
    let map = this.values;
    for (const key of path.slice(0, -1)) {
      const inner = (map[key] ??= {});
      if (!isRecord(inner)) return; // the schema refuses what the file has there
      map = inner;
    }
    map[path.at(-1)!] = value;
    this.#overrides.push({ path, where });
  }

  #at(offset: number): string {
    return `${this.#file}:${Math.max(1, this.#lines.linePos(offset).line)}`;
  }

  #offsetOf(path: KeyPath): number {
    let node: Node | null | undefined = this.#document.contents;
    let offset = node?.range?.[0] ?? 0;
    for (const key of path) {
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
        if (pair === undefined) break;
        offset = (pair.key as Node).range?.[0] ?? offset;
        node = pair.value as Node | null;
      } else if (isSeq(node) && typeof key === 'number') {
        node = node.items[key] as Node | undefined;
        offset = node?.range?.[0] ?? offset;
      } else {
        break;
      }
    }
    return offset;
  }
}

/** Text is taken as it stands; numbers and lists are read as the file would be. */
const readText = (setting: Setting, text: string): unknown =>
  setting.schema.type === 'string' ? text : (parse(text) as unknown);

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
