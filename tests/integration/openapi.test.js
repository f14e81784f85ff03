// SPDX-License-Identifier: MIT
// The contract as it is served: schemas and OpenAPI document, and every kind of response checked against them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {after, before, describe, it} from 'node:test';
import {gunzipSync} from 'node:zlib';

import {Validator} from '@seriousme/openapi-schema-validator';

import {exchange, get, parseResponse, post, request} from './support/client.js';
import {ENGINES, FORMATS, htmlBody, karate, PARTS, traced} from './support/input.js';
import {checkProblem} from './support/problem.js';
import {source, startGlassbox, stopGlassbox} from './support/process.js';

const ROUTE = '/graph/from/html/to/dot/default';
const TEMPLATE = '/graph/from/{source}/to/{engine}/{transformation}';
const page = htmlBody('<h1>Hello</h1><p>glass box</p>');

let server;
let contract;
before(async () => {
    server = await startGlassbox();
    contract = server.contract;
});
after(() => stopGlassbox(server));

/** A request; the client asserts that its answer keeps to the contract. */
const ask = (method, where, options) => request(server, method, where, options);
const JSON_PLEASE = {headers: {Accept: 'application/json'}};

const schemaFiles = () => fs.readdirSync(source('schemas')).map((file) => file.match(/^(.*)\.schema\.json$/)?.[1]).filter(Boolean);

describe('the schemas', () => {
    it('are served byte for byte, and all of them', async () => {
        const {schemas} = (await ask('GET', '/schemas')).json();
        assert.deepEqual(schemas.map(({name}) => name).sort(), schemaFiles().sort());
        for (const {name, id, title, path: where} of schemas) {
            const answer = await ask('GET', where);
            assert.equal(answer.headers['content-type'], 'application/schema+json');
            assert.equal(answer.text(), fs.readFileSync(source('schemas', `${name}.schema.json`), 'utf8'));
            assert.deepEqual([answer.json().$id, answer.json().title], [id, title]);
        }
    });
    it('are flawless by JSON Schema 2020-12', () => {
        for (const name of schemaFiles())
            assert.ok(contract.ofSchemas.getSchema(name), name); // in strict mode: compiling throws otherwise
    });
    it('an unknown one is 404 with the known ones', async () => {
        for (const name of ['nothing', 'trace_confi', 'trace_config2', 'trace_config.schema.json', 'openapi', '%00', 'x'.repeat(5000)]) {
            const {detail} = checkProblem(await ask('GET', '/schemas/' + name), 404);
            for (const known of schemaFiles())
                assert.ok(detail.includes(known), detail);
        }
        for (const where of ['/schemas/', '/schemas/full/', '/schemas/full/x', '/schemas/..%2fschemas%2f', '/openapi.json/', '/openapi.jsonx'])
            checkProblem(await ask('GET', where), 404);
    });
});

describe('what does not change', () => {
    const places = ['/openapi.json', '/schemas', '/schemas/full', '/', '/ui/page.js', '/docs', '/speedscope/'];
    it('is sent once: its tag is enough afterwards', async () => {
        const tags = new Set();
        for (const where of places) {
            const {headers: {etag}, status} = await ask('GET', where);
            if (status === 501)
                continue; // built without the package
            tags.add(etag);
            for (const named of [etag, etag.slice(2), `"x", ${etag}`, '*']) {
                const again = await ask('GET', where, {headers: {'If-None-Match': named}});
                assert.equal(again.status, 304, `${where} ${named}`);
                assert.equal(again.headers.etag, etag);
            }
            assert.equal((await ask('GET', where, {headers: {'If-None-Match': '"x"'}})).status, 200);
        }
        assert.ok(tags.size >= 5);
    });
    it('has a HEAD and takes no other method', async () => {
        for (const where of places) {
            const whole = await ask('GET', where);
            const head = await ask('HEAD', where);
            assert.deepEqual([head.status, head.headers['content-length'], head.headers['content-type']],
                [whole.status, whole.headers['content-length'], whole.headers['content-type']]);
            for (const method of ['POST', 'PUT', 'DELETE'])
                checkProblem(await ask(method, where, {body: {}}), 405);
        }
    });
    it('is compressed for those who take it', async () => {
        const plain = await ask('GET', '/schemas/full');
        const packed = await request(server, 'GET', '/schemas/full', {headers: {'Accept-Encoding': 'br, gzip'}});
        assert.equal(packed.headers['content-encoding'], 'gzip');
        assert.equal(plain.headers['content-encoding'], undefined);
        assert.match(packed.headers.vary, /accept-encoding/i);
        assert.deepEqual(gunzipSync(packed.body), plain.body);
        assert.ok(packed.body.length < plain.body.length / 2);
        const refused = await request(server, 'GET', '/schemas/full', {headers: {'Accept-Encoding': 'gzip;q=0'}});
        assert.deepEqual(refused.body, plain.body);
    });
    it('is unpacked for those who do not, where it is kept compressed', async () => {
        // Pieces that end just where the file does, below and beyond one piece: whatever the files of today have.
        const files = ['/', ...['page.js', 'page.css', 'karate.json', 'NOTICE.txt', 'mermaid.js', 'viz.js'].map((name) => '/ui/' + name), '/docs/swagger-ui-bundle.js', '/speedscope/'];
        let seen = 0;
        await Promise.all(files.map(async (where) => {
            const plain = await ask('GET', where);
            if (plain.status !== 200)
                return; // built without the package
            const packed = await ask('GET', where, {headers: {'Accept-Encoding': 'gzip'}});
            assert.equal(Number(plain.headers['content-length']), plain.body.length);
            assert.equal(packed.headers.etag, plain.headers.etag);
            assert.deepEqual(gunzipSync(packed.body), plain.body, where);
            seen++;
        }));
        assert.ok(seen >= 5);
        const page = fs.readFileSync(source('web', 'page', 'page.js'));
        assert.deepEqual((await ask('GET', '/ui/page.js')).body, page);
    });
});

describe('the OpenAPI document', () => {
    it('is valid by the schema of OpenAPI 3.1', async () => {
        const validator = new Validator();
        const result = await validator.validate(structuredClone(contract.openapi));
        assert.ok(result.valid, JSON.stringify(result.errors));
        assert.equal(validator.version, '3.1');
        const broken = structuredClone(contract.openapi);
        delete broken.paths['/healthz'].get.responses;
        broken.paths['/healthz'].get.response = {};
        assert.equal((await new Validator().validate(broken)).valid, false);
    });
    it('has the routes that the server lists, with their methods, and those with a suffix', async () => {
        const {routes, version} = (await ask('GET', '/', JSON_PLEASE)).json();
        const listed = routes.flatMap(({method, path: where, trace_suffixes: suffixes = []}) =>
            ['', ...suffixes.map((suffix) => '/' + suffix)].map((suffix) => `${method} ${where}${suffix}`));
        const declared = Object.entries(contract.openapi.paths).flatMap(([where, item]) =>
            Object.keys(item).filter((key) => key !== 'parameters').map((method) => `${method.toUpperCase()} ${where}`));
        // Linters refuse a path that ends in a slash; its description is that of its files.
        assert.ok(listed.includes('GET /speedscope/') && declared.includes('GET /speedscope/{file}'));
        assert.deepEqual(declared.sort(), listed.filter((route) => route !== 'GET /speedscope/').sort());
        assert.equal(contract.openapi.info.version, version);
    });
    it('names the sources, engines and transformations that there are', async () => {
        const {source: from, engine, transformation} = contract.openapi.components.parameters;
        const names = async (what) => (await ask('GET', `/graph/${what}`)).json()[what].map(({name}) => name);
        assert.deepEqual(engine.schema.enum, ['default', ...await names('engines')]);
        assert.deepEqual(transformation.schema.enum, await names('transformations'));
        assert.deepEqual({source: from.schema.enum, engine: await names('engines'), transformation: await names('transformations')}, PARTS);
        const {detail} = checkProblem(await ask('POST', '/graph/from/nothing/to/dot/default', {body: page}), 404);
        assert.ok(detail.endsWith('known: ' + from.schema.enum.join(', ')), detail);
    });
    it('holds every schema and definition, its own envelopes, and nothing else', () => {
        const {schemas} = contract.openapi.components;
        const envelopes = FORMATS.flatMap((format) => [`traced_${format}`, `traced_refusal_${format}`]);
        const expected = schemaFiles().filter((name) => name !== 'traced_response').flatMap((name) => {
            const file = JSON.parse(fs.readFileSync(source('schemas', `${name}.schema.json`), 'utf8'));
            return [name, ...Object.keys(file.$defs ?? {}).map((definition) => `${name}_${definition}`)];
        });
        assert.deepEqual(Object.keys(schemas).sort(), [...expected, ...envelopes].sort());
        assert.deepEqual(schemas.trace_config.properties, JSON.parse(fs.readFileSync(source('schemas/trace_config.schema.json'), 'utf8')).properties);
        assert.doesNotMatch(JSON.stringify(contract.openapi), /"\$ref":"(?!#\/components\/)/);
    });
    it('has envelopes that say what the schema of all envelopes says, more narrowly', () => {
        const {schemas} = contract.openapi.components;
        const {properties, required, additionalProperties, dependentSchemas} = JSON.parse(fs.readFileSync(source('schemas/traced_response.schema.json'), 'utf8'));
        for (const [kind, output] of [['traced', 'graph_output'], ['traced_refusal', 'problem']]) {
            for (const format of FORMATS) {
                const own = schemas[`${kind}_${format}`];
                assert.deepEqual([own.required, own.additionalProperties], [required, additionalProperties]);
                assert.deepEqual(own.dependentSchemas, {trace_error: dependentSchemas.trace_error});
                assert.deepEqual(own.properties.trace_error, properties.trace_error);
                assert.deepEqual(own.properties.traces.anyOf, [{type: 'null'}, {$ref: `#/components/schemas/${format}`}]);
                assert.equal(own.properties.graph_output.$ref, `#/components/schemas/${output}`);
                // What the graph service answers is always JSON, so nothing of it is encoded.
                assert.deepEqual(Object.keys(own.properties), Object.keys(properties).filter((name) => name !== 'output_encoding'));
            }
        }
    });
    it('gives examples that work', async () => {
        for (const [where, {post: operation}] of Object.entries(contract.openapi.paths).filter(([, item]) => item.post)) {
            for (const {value} of Object.values(operation.requestBody.content['application/json'].examples)) {
                const from = value.graph_data.html ? 'html' : 'json';
                const filled = where.replace('{source}', from).replace('{engine}', 'tree').replace('{transformation}', 'default');
                assert.equal(contract.faultBySchema('graph_request', value), null);
                assert.equal((await ask('POST', filled, {body: value})).status, 200);
            }
        }
    });
});

describe('every kind of answer keeps to the document', () => {
    it('the small routes', async () => {
        for (const [where, name] of [['/', 'service'], ['/healthz', 'health'], ['/graph/engines', 'graph_engines'],
            ['/graph/transformations', 'graph_transformations'], ['/schemas', 'schema_list']]) {
            const answer = await ask('GET', where, JSON_PLEASE);
            assert.equal(answer.status, 200);
            assert.equal(contract.faultBySchema(name, answer.json()), null);
            await ask('HEAD', where, JSON_PLEASE);
        }
    });
    it('the page, or the routes for clients that prefer JSON', async () => {
        const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
        for (const [accept, type] of [[undefined, 'text/html'], [browser, 'text/html'], ['*/*', 'text/html'],
            ['application/json', 'application/json'], ['application/json, text/plain, */*', 'application/json'], ['text/html;q=0.5, application/json', 'application/json']]) {
            for (const method of ['GET', 'HEAD']) {
                const answer = await ask(method, '/', accept ? {headers: {Accept: accept}} : {});
                assert.deepEqual([answer.status, answer.headers['content-type']], [200, type], `${method} Accept: ${accept}`);
                assert.match(answer.headers.vary, /^accept\b/);
            }
        }
    });
    it('the sites: each where it says, with its files, and 404 for what they have not', async () => {
        for (const [where, file, way] of [['/', '/ui/NOTICE.txt', 200], ['/docs', '/docs/LICENSE.txt', 501], ['/speedscope/', '/speedscope/LICENSE.txt', 501]]) {
            const {status} = await ask('GET', where);
            assert.ok(status === 200 || status === way, `${where} ${status}`);
            assert.equal((await ask('GET', file)).status, status);
            checkProblem(await ask('GET', file + 'x'), status === 200 ? 404 : 501);
        }
        const found = await ask('GET', '/speedscope');
        assert.deepEqual([found.status, found.headers.location], [308, '/speedscope/']);
        for (const where of ['/ui', '/ui/', '/ui/page.js/', '/ui/x/page.js', '/docs/', '/speedscope/x/y', '/speedscopes', '/index.html'])
            checkProblem(await ask('GET', where), 404);
    });
    for (const engine of [...ENGINES, 'default']) {
        it(`what ${engine} renders`, async () => {
            const answer = await ask('POST', `/graph/from/json/to/${engine}/default`, {body: {graph_data: karate()}});
            assert.equal(contract.faultBySchema('graph_output', answer.json()), null);
            assert.notEqual(contract.faultBySchema('graph_output', {...answer.json(), surprise: 1}), null);
        });
    }
    for (const format of FORMATS) {
        it(`${format}: with and without the output, captured or not, fast or slow`, async () => {
            for (const fields of [
                {}, {trace_output: 'traces_only'}, {capture_traces: false}, {capture_traces: false, trace_output: 'traces_only'},
                {slow_threshold_ms: 60_000}, {slow_threshold_ms: 60_000, trace_output: 'traces_only'}, {max_spans: 2}, {min_duration_ns: 1e15},
            ]) {
                const answer = await ask('POST', `${ROUTE}/${format}`, {body: traced(page, fields)});
                assert.equal(answer.status, 200);
                if (!fields.trace_output)
                    assert.equal(contract.faultBySchema('traced_response', answer.json()), null);
            }
            assert.equal((await ask('POST', `${ROUTE}/${format}`, {body: page})).status, 200);
        });
        it(`${format}: refusals of the handler, captured or not`, async () => {
            const twice = {graph_data: {nodes: [{id: 1}, {id: 1}]}};
            for (const fields of [{}, {trace_output: 'traces_only'}, {capture_traces: false}])
                assert.equal((await ask('POST', `/graph/from/json/to/dot/default/${format}`, {body: traced(twice, fields)})).status, 422);
            for (const fields of [{capture_traces: true}, {capture_traces: true, trace_output: 'traces_only'}, {}]) {
                const headers = {'Content-Type': 'text/csv', 'Glassbox-Trace-Config': JSON.stringify(fields)};
                assert.equal((await ask('POST', `${ROUTE}/${format}`, {body: 'a,b', headers})).status, 415);
            }
            assert.equal((await ask('POST', `/graph/from/json/to/svg/default/${format}`, {body: traced(page)})).status, 404);
        });
    }
    it('problems', async () => {
        const text = {'Content-Type': 'text/plain'};
        for (const [method, where, options, status] of [
            ['POST', ROUTE, {body: 'hello'}, 400], ['POST', ROUTE + '/full', {body: '[]'}, 400], ['POST', ROUTE, {body: {}}, 422],
            ['POST', ROUTE + '/full', {body: {...page, trace_config: {top_n: 0}}}, 422], ['POST', ROUTE + '/summary', {body: 'x', headers: text}, 415],
            ['POST', ROUTE, {body: 'x', headers: text}, 415], ['POST', '/graph/from/html/to/svg/default', {body: page}, 404],
            ['GET', '/nothing', {}, 404], ['POST', '/nothing', {body: {}}, 404], ['GET', ROUTE, {}, 405], ['PUT', ROUTE, {body: page}, 405],
            ['DELETE', '/healthz', {}, 405], ['POST', '/', {body: {}}, 405], ['POST', '/schemas/full', {body: {}}, 405],
        ])
            checkProblem(await ask(method, where, options), status, status === 422 ? (await request(server, method, where, options)).json().pointer : null);
    });
    it('a body that is too large', async () => {
        for (const suffix of ['', '/full']) {
            const head = `POST ${ROUTE}${suffix} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${1 << 30}\r\n\r\n`;
            const answer = parseResponse(await exchange(server, head));
            assert.equal(answer.status, 413);
            contract.check('POST', ROUTE + suffix, answer);
        }
    });
    it('the check itself notices what is not declared', async () => {
        const answer = await post(server, ROUTE + '/full', traced(page));
        const changed = (changes, edit = (document) => document) => {
            const body = Buffer.from(JSON.stringify(edit(answer.json())));
            return {...answer, body, json: () => JSON.parse(body), text: () => String(body), ...changes};
        };
        const notices = (method, where, other) => assert.throws(() => contract.check(method, where, other), assert.AssertionError);
        contract.check('POST', ROUTE + '/full', changed({}));
        notices('POST', ROUTE + '/full', changed({status: 201}));
        notices('POST', ROUTE + '/full', changed({status: 418}));
        notices('POST', ROUTE + '/summary', answer);
        notices('POST', ROUTE, answer);
        notices('GET', ROUTE + '/full', answer);
        notices('POST', '/nothing', answer);
        notices('HEAD', '/healthz', await get(server, '/healthz'));
        notices('POST', ROUTE + '/full', changed({headers: {...answer.headers, 'content-type': 'text/plain'}}));
        notices('POST', ROUTE + '/full', changed({headers: {'content-type': 'application/json'}}));
        notices('POST', ROUTE + '/full', changed({headers: {...answer.headers, 'glassbox-trace-id': 'x'}}));
        notices('POST', ROUTE + '/full', changed({}, (document) => ({...document, surprise: 1})));
        notices('POST', ROUTE + '/full', changed({}, (document) => ({...document, graph_output: {}})));
        notices('POST', ROUTE + '/full', changed({}, (document) => ({...document, traces: {...document.traces, entries: 1}})));
    });
});

describe('the decoder and the schema', () => {
    const fields = Object.entries(JSON.parse(fs.readFileSync(source('schemas/trace_config.schema.json'), 'utf8')).properties);
    const values = [
        null, true, false, 0, 1, 2, -1, 0.5, 1.5, -0.5, 1e15, '', 'x', '1', 'true', 'both', 'traces_only', ...FORMATS, 'FULL', 'x'.repeat(128), 'x'.repeat(129),
        [], [1], {}, {value: 1},
    ];
    /** The ends of a field's range and what is just beyond them. */
    const edges = ({minimum, maximum}) => [minimum, maximum].filter(Number.isFinite).flatMap((end) => [end - 1, end, end + 1]);

    it('agree about every value of every field', async () => {
        const seen = {taken: 0, refused: 0};
        for (const [name, field] of [...fields, ['surprise', {}]]) {
            for (const value of [...values, ...edges(field)]) {
                // The suffix is a rule between body and path, which no schema of the body can state.
                const format = name === 'trace_format' && FORMATS.includes(value) ? value : 'full';
                const config = {[name]: value};
                const valid = contract.faultBySchema('trace_config', config) === null;
                const answer = await ask('POST', `${ROUTE}/${format}`, {body: {...page, trace_config: config}});
                assert.equal(answer.status, valid ? 200 : 422, `${JSON.stringify(config)}: ${answer.text().slice(0, 300)}`);
                if (!valid)
                    assert.equal(answer.json().pointer, `/trace_config/${name}`);
                seen[valid ? 'taken' : 'refused']++;
            }
        }
        assert.ok(seen.taken > 40 && seen.refused > 150, JSON.stringify(seen));
    });
    it('agree about numbers however they are written', async () => {
        for (const text of ['1.0', '1e1', '10e-1', '1E+2', '100.5e1', '-0', '-0.0', '1e-1', '5000000.0', '5000001.0', '1e300', '18446744073709551616']) {
            for (const name of ['max_spans', 'min_duration_ns', 'slow_threshold_ms']) {
                const valid = contract.faultBySchema('trace_config', {[name]: JSON.parse(text)}) === null;
                const body = JSON.stringify({...page, trace_config: {[name]: 'HERE'}}).replace('"HERE"', text);
                const answer = await ask('POST', `${ROUTE}/full`, {body});
                assert.equal(answer.status, valid ? 200 : 422, `${name} ${text}: ${answer.text().slice(0, 300)}`);
            }
        }
    });
});
