// Each wall must see. tree/ is a small project with a planted violation for every rule: the end of its line names the
// rules that must report it, as `// wall: RULE, RULE`. There the linters, called as `npm run lint` and `npm run walls`
// call them, have to report exactly what is planted.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import importWalls from '../../.dependency-cruiser.js';
import eslintConfig from '../../eslint.config.js';

const ROOT = join(import.meta.dirname, '../..');
const TREE = join(import.meta.dirname, 'tree');

const linesOf = (file: string): string[] => readFileSync(join(TREE, file), 'utf8').split('\n');
const violation = (file: string, lineIndex: number, rule: string): string => `${file}:${lineIndex + 1} ${rule}`;

function planted(): string[] {
  const files = readdirSync(TREE, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map((entry) => relative(TREE, join(entry.parentPath, entry.name)))
    .flatMap((file) =>
      linesOf(file).flatMap((line, index) => {
        const rules = / \/\/ wall: (.*)$/.exec(line)?.[1]?.split(', ') ?? [];
        return rules.map((rule) => violation(file, index, rule));
      }),
    );
}

/** Runs a linter in tree/ by the project's own rules. It ends with an error code, for it finds violations. */
function lintTree<Report>(script: string, ...args: string[]): Promise<Report> {
  return new Promise((resolve, reject) => {
    const argv = [join(ROOT, 'node_modules', script), ...args];
    execFile(process.execPath, argv, { cwd: TREE, maxBuffer: 2 ** 26 }, (_error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout) as Report);
      } catch {
        reject(new Error(`${script} gave no report: ${stdout}${stderr}`));
      }
    });
  });
}

type EslintReport = { filePath: string; messages: { line: number; ruleId: string | null; message: string }[] }[];

async function reportedByEslint(): Promise<string[]> {
  const config = join(ROOT, 'eslint.config.js');
  const report = await lintTree<EslintReport>('eslint/bin/eslint.js', '--config', config, '--format', 'json', '.');
  return report.flatMap(({ filePath, messages }) =>
    messages.map(({ line, ruleId, message }) => violation(relative(TREE, filePath), line - 1, ruleId ?? message)),
  );
}

interface CruiserReport {
  modules: {
    source: string;
    dependencies: { module: string; protocol?: string; resolved: string; rules?: { name: string }[] }[];
  }[];
  summary: { violations: { type: string; from: string; rule: { name: string }; via?: { name: string }[] }[] };
}

async function reportedByCruiser(): Promise<string[]> {
  const { modules, summary } = await lintTree<CruiserReport>(
    'dependency-cruiser/bin/dependency-cruise.mjs',
    ...['--config', join(ROOT, '.dependency-cruiser.js'), '--output-type', 'json', '{src,bench,trials}/**/*.ts'],
  );
  return modules.flatMap(({ source, dependencies }) =>
    dependencies.flatMap(({ module, protocol = '', resolved, rules = [] }) => {
      // What is reached over several files is reported apart; it belongs to the import that leads there.
      const detours = summary.violations.filter(
        ({ type, from, via }) => type === 'reachability' && from === source && via?.[0]?.name === resolved,
      );
      const names = [...rules.map(({ name }) => name), ...detours.map(({ rule }) => rule.name)];
      const line =
        names.length === 0 ? 0 : linesOf(source).findIndex((text) => text.includes(`'${protocol}${module}'`));
      return names.map((name) => violation(source, line, name));
    }),
  );
}

test('the linters report the planted violations, all of them and nothing else', async () => {
  const reported = await Promise.all([reportedByEslint(), reportedByCruiser()]);
  expect(reported.flat().sort()).toEqual(planted().sort());
});

test('every rule of ours has a planted violation', () => {
  const importRules = importWalls.forbidden?.map(({ name }) => name) ?? [];
  const codeRules = eslintConfig
    .filter(({ name }) => name?.startsWith('chubby/'))
    .flatMap(({ rules = {} }) => Object.keys(rules));
  const seen = new Set(planted().map((line) => line.split(' ')[1]));
  expect(importRules.length).toBeGreaterThan(0);
  expect(codeRules.length).toBeGreaterThan(0);
  expect([...importRules, ...codeRules].filter((rule) => !seen.has(rule))).toEqual([]);
});
