// SPDX-License-Identifier: MIT
// The OpenAPI document in the tools that people use: linters find nothing in it, and generated clients read what the server answers.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';
import {pathToFileURL} from 'node:url';
import {promisify} from 'node:util';

import {createConfig, lintFromString} from '@redocly/openapi-core';
import spectral from '@stoplight/spectral-core';
import rulesets from '@stoplight/spectral-rulesets';

import {get, post} from './support/client.js';
import {ENGINES, FORMATS, htmlBody} from './support/input.js';
import {built, source, startGlassbox, stopGlassbox} from './support/process.js';

const GENERATION_LIMIT_MS = 100_000; // some generators do not end when a document confuses them
const PAGE = '<h1>Hello</h1><p>glass box</p>';
const place = built('tests', 'integration', 'client');
const packages = source('tests', 'node_modules');
const run = promisify(execFile);

let server;
let text;
before(async () => {
    server = await startGlassbox();
    text = (await get(server, '/openapi.json')).text();
    fs.rmSync(place, {recursive: true, force: true});
    fs.cpSync(source('tests', 'integration', 'client'), place, {recursive: true});
    const {devDependencies: {zod}} = JSON.parse(fs.readFileSync(source('tests', 'package.json'), 'utf8'));
    fs.writeFileSync(path.join(place, 'package.json'), JSON.stringify({type: 'module', dependencies: {zod}}));
    fs.symlinkSync(packages, path.join(place, 'node_modules'));
    fs.writeFileSync(path.join(place, 'openapi.json'), text);
});
after(() => stopGlassbox(server));

/** Runs a script of node to its end in the clients' folder; fails with what it said. */
async function node(...args) {
    try {
        return await run(process.execPath, args, {cwd: place, timeout: GENERATION_LIMIT_MS, killSignal: 'SIGKILL'});
    } catch ({stdout, stderr, killed}) {
        return assert.fail(`${args.join(' ')}: ${killed ? 'no end' : ''} ${stdout} ${stderr}`);
    }
}

/** What redocly and spectral find in a document, by their own rules: [[rule, place], ...]. */
async function redoclyFinds(document) {
    const config = await createConfig({extends: ['recommended']});
    const problems = await lintFromString({source: JSON.stringify(document), absoluteRef: '/openapi.json', config});
    return problems.map(({ruleId, location}) => [ruleId, location[0].pointer]);
}
async function spectralFinds(document) {
    const linter = new spectral.Spectral();
    linter.setRuleset({extends: [[rulesets.oas, 'recommended']]});
    return (await linter.run(document)).map(({code, path: where}) => [code, where.join('/')]);
}

/** Changes that each linter notices, so that its silence means something: [change, rule of redocly, rule of spectral]. */
const FLAWS = [
    [(document) => delete document.paths['/healthz'].get.operationId, 'operation-operationId', 'operation-operationId'],
    [({paths}) => delete paths['/healthz'].get.summary && delete paths['/healthz'].get.description, 'operation-summary', 'operation-description'],
    [(document) => (document.components.schemas.health.properties.status = {$ref: '#/nothing'}), 'no-unresolved-refs', 'invalid-ref'],
    [(document) => (document.components.schemas.nothing = {type: 'null'}), 'no-unused-components', 'oas3-unused-component'],
    [(document) => (document.paths['/healthz'].get.responses['200'].description = 1), 'struct', 'oas3-schema'],
    [(document) => (document.paths['/healthz/'] = document.paths['/healthz']), 'no-path-trailing-slash', 'path-keys-no-trailing-slash'],
];

describe('linters', () => {
    for (const [name, finds, column] of [['redocly', redoclyFinds, 1], ['spectral', spectralFinds, 2]]) {
        it(`${name} finds nothing, not even something to warn of`, async () => {
            assert.deepEqual(await finds(JSON.parse(text)), []);
            const flawed = JSON.parse(text);
            FLAWS.forEach(([change]) => change(flawed));
            const found = new Set((await finds(flawed)).map(([rule]) => rule));
            assert.deepEqual(FLAWS.map((flaw) => flaw[column]).filter((rule) => !found.has(rule)), []);
        });
    }
});

/** What in a schema, without those inside it, generators of clients misunderstand: [what, ...]. */
function unwieldy(schema) {
    const {type, properties, additionalProperties, required = []} = schema;
    const known = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];
    const found = [];
    if (Array.isArray(type) && type.every((name) => known.includes(name)))
        found.push('a list of types; anyOf says the same');
    if (properties && Object.values(properties).some((inner) => typeof inner === 'boolean'))
        found.push('a boolean in the place of a schema');
    if (Object.values(schema).length > 0 && ('const' in schema || Array.isArray(schema.enum)) && typeof type !== 'string')
        found.push('a value without its type');
    if (properties && ['allOf', 'anyOf', 'oneOf'].some((word) => word in schema))
        found.push('properties beside a choice');
    if (type === 'object' && additionalProperties === undefined && !('oneOf' in schema))
        found.push('an object that does not say whether it is open');
    if (Array.isArray(required) && type === 'object' && required.some((name) => !Object.hasOwn(properties ?? {}, name)))
        found.push('a required member that is not described');
    return found;
}

describe('the document', () => {
    let openapi;
    before(() => {
        openapi = JSON.parse(text);
    });

    it('says everything in the ways that generators of clients understand', () => {
        const found = [];
        (function walk(value, where) {
            if (value === null || typeof value !== 'object')
                return;
            found.push(...unwieldy(value).map((what) => `${where}: ${what}`));
            for (const [key, inner] of Object.entries(value))
                walk(inner, `${where}/${key}`);
        })(openapi.components.schemas, '');
        assert.deepEqual(found, []);
        const hard = {
            lists: {type: ['string', 'null']}, booleans: {properties: {a: false}}, untyped: {const: 'x'}, mixed: {properties: {a: {}}, oneOf: [{}]},
            open: {type: 'object'}, undefined: {type: 'object', additionalProperties: false, properties: {}, required: ['a']},
        };
        for (const [name, schema] of Object.entries(hard))
            assert.equal(unwieldy(schema).length, 1, name);
    });
    it('has no response of the name of a schema, which would be two types of one name in a client', () => {
        const {schemas, responses} = openapi.components;
        const typeName = (name) => name.replaceAll('_', '').toLowerCase();
        const names = [...Object.keys(schemas), ...Object.keys(responses)].map(typeName);
        assert.deepEqual(names.filter((name, i) => names.indexOf(name) !== i), []);
    });
    it('gives successes on traced routes in place, not by reference', () => {
        // Without their types in place, some generated clients do not read the bodies.
        const traced = Object.entries(openapi.paths).filter(([where]) => FORMATS.some((format) => where.endsWith(`/{transformation}/${format}`)));
        const successes = traced.flatMap(([, item]) => Object.values(item)).filter((item) => item.responses).map((item) => item.responses['200']);
        assert.ok(successes.length >= FORMATS.length);
        for (const success of successes)
            assert.equal(success.content['application/json'].schema.anyOf.length, 4);
    });
});

describe('a client generated by', () => {
    /** What every client has to have read. */
    async function checkReading(reading, name) {
        const plain = (await post(server, '/graph/from/html/to/mermaid/default', htmlBody(PAGE))).json();
        assert.deepEqual(reading.engines, ENGINES);
        assert.deepEqual([reading.mermaid, reading.nodes], [plain.mermaid, plain.node_count]);
        assert.equal(reading.name, name);
        assert.ok(reading.calls.length > 0 && reading.calls.every((call) => call.length > 0));
        assert.deepEqual(reading.alone, reading.calls);
        assert.equal(reading.hottest.length, 3);
        assert.ok(reading.hottest.every((ms) => ms >= 0));
        assert.ok(reading.frames > 3);
        assert.equal(reading.refusal, '/graph_data/nodes');
    }
    const compile = (project) => node(path.join(packages, 'typescript', 'bin', 'tsc'), '--project', project);

    it('openapi-typescript compiles in strict mode and reads traced answers', async () => {
        await node(path.join(packages, 'openapi-typescript', 'bin', 'cli.js'), 'openapi.json', '--output', 'api.d.ts', '--default-non-nullable', 'false');
        await compile('tsconfig.json');
        const {use} = await import(pathToFileURL(path.join(place, 'client.js')));
        const {status, ...reading} = await use(PAGE, server.url);
        assert.equal(status, 'ok');
        await checkReading(reading, 'client');
    });
    it('orval, swagger-typescript-api and kubb compile in strict mode and read traced answers', async (t) => {
        const made = {orval: ['zod.ts', 'fetch.ts'], swagger: ['api.ts'], kubb: ['index.ts', 'clients/index.ts', 'types/index.ts']};
        for (const [name, files] of Object.entries(made)) {
            const {stdout, stderr} = await node('generate.js', name, server.url);
            for (const file of files) // not every generator ends with an error if it fails
                assert.ok(fs.existsSync(path.join(place, name, file)), `${name} made no ${file}: ${stdout} ${stderr}`);
        }
        await compile('tsconfig.generated.json');
        for (const name of Object.keys(made)) {
            await t.test(name, async () => {
                const {use} = await import(pathToFileURL(path.join(place, `${name}.js`)));
                await checkReading(await use(PAGE, server.url), name);
            });
        }
    });
});
