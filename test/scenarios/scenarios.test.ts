import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runScript } from './runner.js';
import { MalformedScript, parseScript } from './script.js';

const HERE = import.meta.dirname;
/** Writes the traces anew instead of comparing them: read the difference before you commit it. */
const rewrite = process.env['UPDATE_SCENARIOS'] === '1';

describe('scenarios', () => {
  const files = readdirSync(HERE).filter((name) => name.endsWith('.txt'));

  it.each(files)('%s', (name) => {
    const path = join(HERE, name);
    const text = readFileSync(path, 'utf8');
    const traced = runScript(text);
    if (rewrite) writeFileSync(path, traced);
    else expect(traced).toBe(text);
  });
});

describe('the runner', () => {
  it('tells a trace that differs', () => {
    expect(runScript('cell 1\nshow 1\n----\n1 master\n')).not.toContain('1 master');
  });

  it('refuses a block without a trace and a command that does not exist', () => {
    expect(() => parseScript('cell 3\nshow 1\n')).toThrow(MalformedScript);
    expect(() => runScript('cell 3\nlevitate 1\n----\n')).toThrow('no command "levitate"');
    expect(() => runScript('cell 3\nshow 4\n----\n')).toThrow('there is no replica 4');
  });
});
