// What a released version speaks stays what it is: a number of a field, of an enum or a method is never given to
// something else. `npm run fixtures` adds what is new to the list, and never takes anything off it. (docs/UPGRADES.md)
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSync } from '@grpc/proto-loader';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const LIST = join(ROOT, 'test/fixtures/formats/v1/protos.json');

interface Field {
  readonly name: string;
  readonly number: number;
  readonly label: string;
  readonly type: string;
  readonly typeName: string;
}
interface Descriptor {
  readonly field?: readonly Field[];
  readonly value?: readonly { readonly name: string; readonly number: number }[];
}

/** Everything that the protos fix, by its place: `chubby.v1.Stat 3` is `bool is_directory`, say. */
function spoken(): Record<string, string> {
  const found: Record<string, string> = {};
  const files = ['chubby/v1/chubby.proto', 'chubby/peer/v1/peer.proto'];
  for (const [name, definition] of Object.entries(loadSync(files, { includeDirs: [join(ROOT, 'proto')] }))) {
    if (!('format' in definition)) {
      for (const [method, { path, requestStream, responseStream }] of Object.entries(definition)) {
        found[`${name} ${method}`] = `${path}${requestStream ? ' of many' : ''}${responseStream ? ' to many' : ''}`;
      }
      continue;
    }
    const { field = [], value = [] } = definition.type as Descriptor;
    for (const { number, name: called, label, type, typeName } of field) {
      found[`${name} ${number}`] = [label, type, typeName, called].filter((word) => word !== '').join(' ');
    }
    for (const { number, name: called } of value) found[`${name} ${number}`] = called;
  }
  return found;
}

test('the protos give no number another meaning, and take none away', () => {
  const now = spoken();
  if (process.env['WRITE_FIXTURES'] === '1') {
    const listed = { ...now, ...(JSON.parse(readFileSync(LIST, 'utf8')) as Record<string, string>) };
    writeFileSync(LIST, `${JSON.stringify(listed, Object.keys(listed).sort(), 2)}\n`);
  }
  const listed = JSON.parse(readFileSync(LIST, 'utf8')) as Record<string, string>;
  expect(Object.keys(listed).length).toBeGreaterThan(100);
  expect(now, 'a number means something else, or something new is not listed: npm run fixtures').toEqual(listed);
});
