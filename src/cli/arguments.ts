import { nearestName } from '../common/nearest-name.js';
import type { AnyCommand } from './command.js';
import { COMMON_OPTIONS } from './command.js';
import { usageOf } from './help.js';
import { optionWord } from './option-word.js';
import type { Option } from './options.js';
import { UsageError } from './usage-error.js';
import type { GivenOption, Words } from './words.js';

export type Values = Readonly<Record<string, unknown>>;

/** Reads what was given to a command, by its tables. */
export class Arguments {
  readonly #command: AnyCommand;
  readonly #words: Words;

  /** @param words without the command's name */
  constructor(command: AnyCommand, words: Words) {
    this.#command = command;
    this.#words = words;
  }

  /**
   * A value for every option, the common ones included, and for every positional.
   *
   * @throws UsageError
   */
  read(): Values {
    if (this.#command.behind !== undefined && (this.#words.behind ?? []).length === 0) {
      throw this.#wrong(`${this.#command.name} needs a command behind --: ${usageOf(this.#command)}`);
    }
    const options = this.#readOptions();
    return { ...options, ...this.#readPositionals() };
  }

  #readOptions(): Values {
    const table: Readonly<Record<string, Option>> = { ...this.#command.options, ...COMMON_OPTIONS };
    const given = new Map<string, GivenOption>();
    for (const option of this.#words.options) {
      const known = Object.keys(table).find((name) => optionWord(name) === option.name);
      if (known === undefined) throw this.#unknown(option, Object.keys(table).map(optionWord));
      if (given.has(known) && table[known]!.kind === 'valued') throw this.#wrong(`${option.written} is given twice`);
      given.set(known, option);
    }
    return Object.fromEntries(
      Object.entries(table).map(([name, option]) => [name, this.#valueOf(option, given.get(name))]),
    );
  }

  #valueOf(option: Option, given: GivenOption | undefined): unknown {
    if (option.kind === 'flag') {
      if (given?.value !== undefined) throw this.#wrong(`${given.written} takes no value`);
      return given !== undefined;
    }
    if (given === undefined) return option.fallback;
    if (given.value === undefined) throw this.#wrong(`${given.written} needs a value: ${option.placeholder}`);
    try {
      return option.read(given.value);
    } catch (error) {
      if (error instanceof UsageError) throw this.#wrong(`${given.written} takes ${error.message}`);
      throw error;
    }
  }

  #readPositionals(): Values {
    const { positionals, behind, name } = this.#command;
    // Where no command has to stand behind it, `--` only ends the options.
    const given = behind === undefined ? [...this.#words.plain, ...(this.#words.behind ?? [])] : this.#words.plain;
    const places = Object.entries(positionals);
    const surplus = given[places.length];
    if (surplus !== undefined) {
      throw this.#wrong(`${name} has no use for ${JSON.stringify(surplus)}: ${usageOf(this.#command)}`);
    }
    const values = places.map(([key, { describe, fallback }], place) => {
      const value = given[place] ?? fallback;
      if (value === undefined) throw this.#wrong(`${name} needs <${key}>: ${describe}`);
      return [key, value] as const;
    });
    return { ...Object.fromEntries(values), behind: behind === undefined ? [] : this.#words.behind };
  }

  #unknown({ name, written }: GivenOption, known: readonly string[]): UsageError {
    const nearest = written.startsWith('--') ? nearestName(name, known) : undefined;
    const meant = nearest === undefined ? '' : `; did you mean --${nearest}?`;
    return this.#wrong(`${this.#command.name} has no option ${written}${meant}`);
  }

  #wrong(message: string): UsageError {
    return new UsageError(message, this.#command.name);
  }
}
