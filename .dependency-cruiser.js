// @ts-check
import {
  CLIENT_ENTRY,
  DETERMINISTIC,
  GENERATED,
  HARMLESS,
  MAY_IMPORT,
  nestedIn,
  SIM_MAIN,
  TYPES_ONLY,
} from './rooms.js';

/** @typedef {import('dependency-cruiser').IForbiddenRuleType} Rule */

/**
 * A pattern for the files of a room, without those of the rooms inside it.
 *
 * @param {string} room
 */
function filesOf(room) {
  const nested = nestedIn(room);
  return nested.length === 0 ? `^src/${room}/` : `^src/${room}/(?!(${nested.join('|')})/)`;
}

/** @param {string} path */
const exactly = (path) => `^${path.replaceAll('.', '[.]')}$`;

const OUR_CODE = '^(src|bench|trials|bin|test|dist)/';

/**
 * @param {string} room
 * @param {string[]} mayImport
 * @returns {Rule}
 */
const roomRule = (room, mayImport) => ({
  name: `room-${room.replace('/', '-')}`,
  comment: `src/${room} may import ${mayImport.map((other) => `src/${other}`).join(', ') || 'nothing of ours'}: invert the dependency through a port, or move the code down (rooms.js)`,
  severity: 'error',
  from: { path: filesOf(room), pathNot: exactly(CLIENT_ENTRY) },
  to: { path: OUR_CODE, pathNot: [room, ...mayImport].map(filesOf) },
});

/** @type {Rule[]} */
const roomRules = Object.entries(MAY_IMPORT).map(([room, mayImport]) => roomRule(room, mayImport));

/** @type {Rule[]} */
const typesOnlyRules = Object.entries(TYPES_ONLY).map(([room, others]) => ({
  name: `types-only-${room.replace('/', '-')}`,
  comment: `src/${room} speaks the language of ${others.map((other) => `src/${other}`).join(', ')} and does not run it: use \`import type\``,
  severity: 'error',
  from: { path: filesOf(room) },
  to: { path: others.map(filesOf), dependencyTypesNot: ['type-only'] },
}));

/** @type {Rule[]} */
const harmlessRules = Object.entries(HARMLESS).map(([name, { from, to }]) => ({
  name: `no-io-but-${name}`,
  comment: `from outside, this file may import ${to} only: take the rest through a port`,
  severity: 'error',
  from: { path: from },
  to: { pathNot: [OUR_CODE, to] },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...roomRules,
    {
      name: 'room-client-entry',
      comment: 'the entry of the package composes src/client with src/client/grpc, and nothing else',
      severity: 'error',
      from: { path: exactly(CLIENT_ENTRY) },
      to: { path: OUR_CODE, pathNot: ['client', 'client/grpc', 'wire', 'common'].map(filesOf) },
    },
    {
      name: 'room-bench',
      comment: 'bench composes what src builds; tests, launchers and build output are not for it',
      severity: 'error',
      from: { path: '^bench/' },
      to: { path: OUR_CODE, pathNot: '^(src|bench)/' },
    },
    {
      name: 'room-trials',
      comment: 'trials judge what src builds; tests, benchmarks, launchers and build output are not for them',
      severity: 'error',
      from: { path: '^trials/' },
      to: { path: OUR_CODE, pathNot: '^(src|trials)/' },
    },
    {
      name: 'room-unknown',
      comment: 'a new folder under src/ is a new room: say in rooms.js whom it may import',
      severity: 'error',
      from: { path: '^src/', pathNot: Object.keys(MAY_IMPORT).map(filesOf) },
      to: {},
    },
    ...typesOnlyRules,
    {
      name: 'no-cycle',
      comment: 'files that import each other can be read, tested and loaded only together: move what both need down',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-io',
      comment: 'a deterministic room imports no package and no Node module: take what you need through a port',
      severity: 'error',
      from: {
        path: DETERMINISTIC.map(filesOf),
        pathNot: [exactly(SIM_MAIN), ...Object.values(HARMLESS).map(({ from }) => from)],
      },
      to: { pathNot: OUR_CODE },
    },
    ...harmlessRules,
    {
      name: 'no-io-by-detour',
      comment: 'a deterministic room must not reach gRPC or LevelDB through another file either',
      severity: 'error',
      from: { path: DETERMINISTIC.map(filesOf), pathNot: exactly(CLIENT_ENTRY) },
      to: { path: 'node_modules/(@grpc|grpc-health-check|classic-level)/', reachable: true },
    },
    {
      name: 'no-dev-dependency',
      comment: 'an installation for production has no devDependencies: move the package to dependencies',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-undeclared-dependency',
      comment: 'name the package in package.json: that it is installed may be chance',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dangling-import',
      comment: 'no such file or package: a wall cannot judge what it cannot find',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: `^${GENERATED}` },
    // Type imports count: a room that knows another's types knows the other room.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
