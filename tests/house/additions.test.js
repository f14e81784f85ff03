// SPDX-License-Identifier: MIT
// The comments on how to add something are correct. In a copy of the tree, an engine, a transformation or a subcommand
// takes one file and one row, and a format takes these and a schema. The built program has them.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {get, post} from '../integration/support/client.js';
import {PARTS} from '../integration/support/input.js';
import {start, stop} from '../integration/support/process.js';
import {filesUnder, readText, root} from './tree.js';

const HEAD = (owns) => `/* SPDX-License-Identifier: MIT */\n/* Owns ${owns}. */\n`;

const ENGINE = `${HEAD('the engine `census`: how many nodes have edges')}#include "graph/registry.h"
#include <glassbox/span.h>

static const gbxi_option census_options[] = {GBXI_OPTION_INTEGER("weight", "2", 1, 9, "What each counts."), {0}};

static gbx_err census_render(const gbxi_graph *graph, gbxi_json_value given, gbxi_json_writer *out)
{
    GBX_SPAN_NAMED("graph.render.census");

    gbxi_json_key(out, "census");
    gbxi_json_uint(out, graph->node_count * gbxi_option_uint(census_options, given, "weight"));
    return GBX_ERR_OK;
}

const gbxi_engine gbxi_engine_census = {{"census", "Census", "How many nodes there are.", census_options}, census_render};
`;

const TRANSFORMATION = `${HEAD('the transformation `no-edges`: the nodes alone')}#include "graph/registry.h"

static gbx_err no_edges_apply(gbxi_graph *graph, gbxi_json_value config, gbx_error *error)
{
    (void)config;
    (void)error;
    graph->edge_count = 0;
    return GBX_ERR_OK;
}

const gbxi_transformation gbxi_transformation_no_edges = {{"no-edges", "No edges", "The nodes alone.", NULL}, no_edges_apply};
`;

const FORMAT = `${HEAD('the format `tally2`: how many calls a trace has')}#include "export/format.h"

typedef struct tally {
    const gbxi_trace *trace;
    bool written;
} tally;

static bool tally_init(void *state, const gbxi_trace *trace, const gbx_export_options *options)
{
    (void)options;
    *(tally *)state = (tally){trace, false};
    return true;
}

static gbx_err tally_step(void *state, gbxi_json_writer *writer, bool *done)
{
    tally *t = state;

    *done = t->written;
    if (t->written)
        return GBX_ERR_OK;
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "calls");
    gbxi_json_uint(writer, t->trace->call_count);
    gbxi_json_object_end(writer);
    t->written = true;
    return GBX_ERR_OK;
}

static void tally_fini(void *state)
{
    (void)state;
}

const gbxi_export_format gbxi_format_tally2 = {.ending = "tally2.json", .state_bytes = sizeof(tally), .init = tally_init, .step = tally_step, .fini = tally_fini};
`;

const COMMAND = `${HEAD('the subcommand `echo`')}#include "cli/command.h"
#include <stdio.h>

static int echo_run(const void *values)
{
    (void)values;
    return puts("echo") < 0;
}

const gbxi_command gbxi_command_echo = {
    .name = "echo", .summary = "Say echo", .synopsis = {""}, .description = "Says echo.", .run = echo_run};
`;

const SCHEMA = {
    $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'urn:glassbox:schemas:tally2', title: 'The calls of a trace',
    type: 'object', additionalProperties: false, required: ['calls'], properties: {calls: {type: 'integer', minimum: 0}},
};

/** Adds a row at the end of the list that the macro `list` is. */
function addRow(top, file, list, row) {
    const text = readText(top, file);
    const whole = new RegExp(`#define ${list}\\(X\\)(?:.*\\\\\\n)+.*\\n`).exec(text)?.[0];
    assert.ok(whole, `${list} is in ${file}`);
    fs.writeFileSync(path.join(top, file), text.replace(whole, () => `${whole.trimEnd().replace(/ *(\/\*.*\*\/)?$/, ' $1 \\')}\n    ${row}\n`));
}

/** The first number that no format has, of those that requests can ask for and those that are only for files. */
function nextFormat(top) {
    const rows = readText(top, 'include/glassbox/format.h').matchAll(/ X\([A-Z]+, (\d+), [a-z]+\)/g);
    return Math.max(...[...rows].map(([, number]) => Number(number))) + 1;
}

function run(command, args, options = {}) {
    const {status, stdout, stderr} = spawnSync(command, args, {encoding: 'utf8', maxBuffer: 1 << 26, ...options});
    assert.equal(status, 0, `${command} ${args.join(' ')}: ${stdout.slice(-4000)}${stderr.slice(-4000)}`);
}

let top, server;

before(async () => {
    top = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-additions-'));
    for (const file of filesUnder(root).filter((name) => !/^(tests|docs|fixtures\/(?!graphs\/))/.test(name))) {
        fs.mkdirSync(path.dirname(path.join(top, file)), {recursive: true});
        fs.copyFileSync(path.join(root, file), path.join(top, file));
    }
    fs.writeFileSync(path.join(top, 'src/graph/engine/census.c'), ENGINE);
    addRow(top, 'src/graph/registry.h', 'GBXI_ENGINES', 'X(census)');
    fs.writeFileSync(path.join(top, 'src/graph/transform/no_edges.c'), TRANSFORMATION);
    addRow(top, 'src/graph/registry.h', 'GBXI_TRANSFORMATIONS', 'X(no_edges)');
    fs.writeFileSync(path.join(top, 'src/export/format/tally2.c'), FORMAT);
    fs.writeFileSync(path.join(top, 'schemas/tally2.schema.json'), JSON.stringify(SCHEMA));
    addRow(top, 'include/glassbox/format.h', 'GBX_FORMATS', `X(TALLY2, ${nextFormat(top)}, tally2)`);
    fs.writeFileSync(path.join(top, 'src/cli/echo.c'), COMMAND);
    addRow(top, 'src/cli/command.h', 'GBXI_COMMANDS', 'X(echo)');
    run('cmake', ['-S', top, '-B', path.join(top, 'build'), '-G', 'Ninja', '-DGLASSBOX_TESTS=OFF', '-DCMAKE_BUILD_TYPE=Debug', '-DCMAKE_C_FLAGS_DEBUG=-O0', '-DCMAKE_CXX_FLAGS_DEBUG=-O0', '-DCMAKE_UNITY_BUILD=ON']); // in one piece, for speed
    run('cmake', ['--build', path.join(top, 'build'), '--target', 'glassbox']);
    server = await start(path.join(top, 'build/bin/glassbox'), ['serve', '--port', '0']);
});

after(async () => {
    if (server)
        await stop(server);
    fs.rmSync(top, {recursive: true, force: true});
});

const graph = {graph_data: {nodes: [{id: 1}, {id: 2}, {id: 3}], edges: [{source: 1, target: 2}]}};
const names = async (what) => (await get(server, `/graph/${what}`)).json()[what].map(({name}) => name);
const listed = async (place) => (await get(server, '/openapi.json')).json().components.parameters[place].schema.enum;

describe('an engine that is a file and a row', () => {
    it('is listed, and in the OpenAPI document', async () => {
        assert.deepEqual(await names('engines'), [...PARTS.engine, 'census']);
        assert.deepEqual(await listed('engine'), ['default', ...PARTS.engine, 'census']);
    });
    it('answers on its route, with its options', async () => {
        assert.equal((await post(server, '/graph/from/json/to/census/default', graph)).json().census, 6);
        assert.equal((await post(server, '/graph/from/json/to/census/default', {...graph, transform_config: {options: {weight: 5}}})).json().census, 15);
        assert.equal((await post(server, '/graph/from/json/to/census/default', {...graph, transform_config: {options: {weight: 10}}})).status, 422);
    });
    it('has its spans in a trace', async () => {
        const traced = {...graph, trace_config: {capture_traces: true}};
        assert.match((await post(server, '/graph/from/json/to/census/default/full', traced)).text(), /graph\.render\.census/);
    });
});

describe('a transformation that is a file and a row', () => {
    it('is listed, and in the OpenAPI document', async () => {
        assert.deepEqual(await names('transformations'), [...PARTS.transformation, 'no-edges']);
        assert.deepEqual(await listed('transformation'), [...PARTS.transformation, 'no-edges']);
    });
    it('answers on its route', async () => {
        const answer = (await post(server, '/graph/from/json/to/dot/no-edges', graph)).json();
        assert.deepEqual([answer.transformation, answer.node_count, answer.edge_count], ['no-edges', 3, 0]);
    });
    it('is among the known ones in a refusal', async () => {
        assert.match((await post(server, '/graph/from/json/to/dot/no-nodes', graph)).json().detail, /dedupe, no-edges$/);
    });
});

describe('a format that is a file, a row and a schema', () => {
    const traced = {...graph, trace_config: {capture_traces: true}};
    it('answers on a route beside every other', async () => {
        const answer = await post(server, '/graph/from/json/to/dot/default/tally2', traced);
        assert.equal(answer.status, 200, answer.text());
        assert.equal(answer.json().graph_output.node_count, 3);
        assert.ok(answer.json().traces.calls > 5, answer.text());
    });
    it('is known as a trace_format', async () => {
        const asked = {...traced, trace_config: {capture_traces: true, trace_format: 'tally2'}};
        assert.ok((await post(server, '/graph/from/json/to/dot/default/tally2', asked)).json().traces.calls > 5);
    });
    it('is in the OpenAPI document', async () => {
        const {paths, components} = (await get(server, '/openapi.json')).json();
        assert.equal(paths['/graph/from/{source}/to/{engine}/{transformation}/tally2'].post.operationId, 'renderGraphTally2');
        assert.ok(components.schemas.traced_tally2 && components.schemas.traced_refusal_tally2);
        assert.equal(components.schemas.tally2.title, SCHEMA.title);
    });
});

it('a subcommand that is a file and a row runs', () => {
    const {status, stdout} = spawnSync(path.join(top, 'build/bin/glassbox'), ['echo'], {encoding: 'utf8'});
    assert.deepEqual([status, stdout], [0, 'echo\n']);
});
