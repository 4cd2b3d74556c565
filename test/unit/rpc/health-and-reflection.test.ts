import { status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { messagePrefix } from '../../../src/rpc/grpc-framing.js';
import { clientPort, MIB, same } from './client-port.js';
import { eventually } from './eventually.js';

const at = clientPort();

describe('the health service', () => {
  const check = async (service: string) => {
    const request = Buffer.concat([Buffer.from([0x0a, service.length]), Buffer.from(service)]);
    const answer = await at.unary('/grpc.health.v1.Health/Check', request);
    return Buffer.isBuffer(answer) ? answer[1] : answer.code;
  };
  const SERVING = 1;
  const NOT_SERVING = 2;

  it('says that the server serves, and who is master', async () => {
    expect(await check('')).toBe(SERVING);
    expect(await check('chubby.v1.master')).toBe(NOT_SERVING);
    at.server.setMaster(true);
    expect(await check('chubby.v1.master')).toBe(SERVING);
    at.server.setMaster(false);
    expect(await check('chubby.v1.master')).toBe(NOT_SERVING);
    expect(await check('nobody')).toBe(status.NOT_FOUND);
  });

  it('tells watchers of a change, and of nothing else', async () => {
    const seen: number[] = [];
    const request = Buffer.concat([Buffer.from([0x0a, 16]), Buffer.from('chubby.v1.master')]);
    const call = at.stranger().makeServerStreamRequest('/grpc.health.v1.Health/Watch', same, same, request);
    call.on('error', () => undefined);
    call.on('data', (bytes: Buffer) => seen.push(bytes[1]!));
    await eventually(() => seen.length === 1, 'the status at the beginning arrives');
    at.server.setMaster(false);
    at.server.setMaster(true);
    await eventually(() => seen.length === 2, 'the change arrives');
    expect(seen).toEqual([NOT_SERVING, SERVING]);
    call.cancel();
  });

  it('has nothing to tell of what it does not know', async () => {
    const request = Buffer.concat([Buffer.from([0x0a, 6]), Buffer.from('nobody')]);
    const call = at.stranger().makeServerStreamRequest('/grpc.health.v1.Health/Watch', same, same, request);
    call.on('error', () => undefined);
    const first = await new Promise<Buffer>((resolve) => call.on('data', resolve));
    expect(first[1]).toBe(3); // SERVICE_UNKNOWN
    call.cancel();
  });
});

describe('server reflection', () => {
  const ask = (request: Buffer): Promise<string> => {
    const call = at
      .stranger()
      .makeBidiStreamRequest('/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', same, same);
    call.on('error', () => undefined);
    call.write(request);
    return new Promise((resolve) => call.on('data', (bytes: Buffer) => resolve(bytes.toString('latin1'))));
  };

  it('lists the services and shows their definitions', async () => {
    const services = await ask(Buffer.from([0x3a, 0])); // list_services
    expect(services).toContain('chubby.v1.Chubby');
    expect(services).toContain('chubby.v1.Admin');
    expect(services).not.toContain('peer');
    const symbol = Buffer.from('chubby.v1.Chubby');
    const file = await ask(Buffer.concat([Buffer.from([0x22, symbol.length]), symbol])); // file_containing_symbol
    expect(file).toContain('SetContentsRequest');
  });

  it('looks at no more questions than are answered and read', async () => {
    const symbol = Buffer.from('chubby.v1.Chubby');
    const question = Buffer.concat([Buffer.from([0x22, symbol.length]), symbol]);
    const framed = Buffer.concat([messagePrefix(question.length), question]);
    const call = at.byHand().call('/grpc.reflection.v1.ServerReflection/ServerReflectionInfo');
    for (let i = 0; i < 100; i++) call.write(Buffer.concat(new Array<Buffer>(100).fill(framed)));
    await eventually(() => at.server.counts.queuedBytes > MIB, 'answers wait');
    await new Promise((resolve) => setTimeout(resolve, 200));
    // All of them would be answered with more than 200 MiB.
    expect(at.server.counts.queuedBytes).toBeLessThan(1.5 * MIB);
    expect(call.isOver()).toBe(false);
    await at.expectAlive();
  });

  it('cuts off whoever does not read', async () => {
    await at.restart({ drainMs: 200 });
    const list = Buffer.from([0x3a, 0]);
    const framed = Buffer.concat([messagePrefix(list.length), list]);
    const call = at.byHand().call('/grpc.reflection.v1.ServerReflection/ServerReflectionInfo');
    for (let i = 0; i < 100; i++) call.write(Buffer.concat(new Array<Buffer>(1_000).fill(framed)));
    await eventually(() => call.isOver(), 'the call is ended');
    await eventually(() => at.server.counts.queuedBytes === 0, 'nothing waits');
    await at.expectAlive();
  });

  it('answers garbage with an error and stays up', async () => {
    const call = at
      .stranger()
      .makeBidiStreamRequest('/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', same, same);
    const ended = new Promise<ServiceError>((resolve) => call.on('error', resolve));
    call.resume();
    call.write(Buffer.alloc(100, 0xff));
    expect((await ended).code).not.toBe(status.OK);
    await at.expectAlive();
  });
});
