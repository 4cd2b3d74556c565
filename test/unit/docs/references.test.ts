// Documents and comments send readers elsewhere: each place must be there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const ROOMS = ['bench', 'docs', 'examples', 'src', 'test', 'trials'];

function filesWith(ending: RegExp): string[] {
  const below = ROOMS.flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const beside = readdirSync(ROOT).map((name) => join(ROOT, name));
  return [...below, ...beside].filter((file) => ending.test(file) && !file.includes('/docs/api/'));
}

const textOf = (file: string): string => readFileSync(file, 'utf8');

/** What a heading is called in a link, as GitHub makes it. */
const anchorsOf = (file: string): string[] =>
  [...textOf(file).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

test('every link of a document leads somewhere', () => {
  const documents = filesWith(/\.md$/);
  expect(documents.length).toBeGreaterThan(8);
  const dead = documents.flatMap((file) =>
    [...textOf(file).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)]
      .filter(([, path, anchor]) => {
        const target = path === '' ? file : join(dirname(file), path!);
        return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
      })
      .map(([link]) => `${relative(ROOT, file)}: ${link}`),
  );
  expect(dead).toEqual([]);
});

test('every section of the design that is cited is there', () => {
  const sections = [...textOf(join(ROOT, 'docs/DESIGN.md')).matchAll(/^#+ ([\d.]+?)\.? /gm)].map(
    ([, number]) => number,
  );
  const cited = new Map<string, string>();
  for (const file of filesWith(/\.(ts|js|txt|md)$/))
    for (const [, number] of textOf(file).matchAll(/\bDESIGN (\d+(?:\.\d+)?)/g))
      cited.set(number!, relative(ROOT, file));
  expect(cited.size).toBeGreaterThan(15);
  expect([...cited].filter(([number]) => !sections.includes(number))).toEqual([]);
});
