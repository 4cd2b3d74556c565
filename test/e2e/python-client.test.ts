// A gRPC client that is not ours, from the .proto alone.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ELECTION_MS, startCell } from './running-cell.js';

const succeeds = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

const missing = [
  !succeeds('/usr/bin/python3', '-c', 'import grpc, google.protobuf') && 'python3-grpcio, python3-protobuf',
  !succeeds('sh', '-c', 'command -v protoc && command -v grpc_python_plugin') && 'protobuf-compiler-grpc',
].filter((what) => what !== false);

test('a Python client takes a lock, writes a file and reads it', async ({ skip }) => {
  skip(missing.length > 0, `not installed: ${missing.join(', ')}`);
  const cell = await startCell();
  await cell.waitForMaster(ELECTION_MS);
  const run = spawnSync('examples/python/run.sh', [cell.clientAddresses.join(',')], { encoding: 'utf8' });
  expect(run.stderr).toBe('');
  expect(run.stdout).toContain('granted: True');
  expect(run.stdout).toContain("read: 'hello from python'");
  expect(run.stdout).toContain('valid: True');
});
