// SPDX-License-Identifier: MIT
// The bodies of OTLP as software reads them that nobody here wrote: 500 random traces have the spans, parents, times and
// attributes of their full documents, as protobuf and as JSON.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {before, describe, it} from 'node:test';

import proto from '@opentelemetry/otlp-transformer/build/src/generated/root.js';

import {program} from './support/process.js';

const COUNT = 500;
const {ExportTraceServiceRequest} = proto.opentelemetry.proto.collector.trace.v1;
const {Span, Status} = proto.opentelemetry.proto.trace.v1;

/** What the program prints: {full, protobuf: [bytes], json: [text]} for each capture. */
function readCaptures(output) {
    let at = 0;
    const piece = () => {
        const end = output.indexOf('\n', at) + 1;
        const length = Number(output.toString('latin1', at, end));
        at = end + length;
        return output.subarray(end, at);
    };
    const pieces = () => {
        const list = [];
        for (let one = piece(); one.length > 0; one = piece())
            list.push(one);
        return list;
    };
    const captures = [];
    while (at < output.length)
        captures.push({full: piece().toString(), protobuf: pieces(), json: pieces().map(String)});
    return captures;
}

const hex = (bytes) => Buffer.from(bytes).toString('hex');

/** The value of an attribute, with its type where JSON cannot tell. */
function valueOf(value) {
    assert.equal(Object.keys(value).length, 1);
    return value.intValue !== undefined ? `int ${value.intValue}` : value.stringValue ?? value.boolValue ?? value.doubleValue;
}

function mapOf(attributes) {
    const map = Object.fromEntries(attributes.map(({key, value}) => [key, valueOf(value)]));
    assert.equal(Object.keys(map).length, attributes.length, 'a key comes twice');
    return map;
}

/** All spans of some requests, which are objects as the decoder makes them. */
function spansOf(requests) {
    const plain = {longs: String, defaults: false, arrays: true};
    const all = requests.map((request) => ExportTraceServiceRequest.toObject(request, plain)).flatMap(({resourceSpans}) => {
        assert.equal(resourceSpans.length, 1);
        const [{resource, scopeSpans: [scopeSpans, ...others]}] = resourceSpans;
        assert.deepEqual(others, []);
        const {'service.name': name, 'deployment.environment.name': environment, 'telemetry.sdk.name': sdk} = mapOf(resource.attributes);
        assert.deepEqual([name, environment, sdk, scopeSpans.scope.name], ['shop', 'test bench', 'glassbox', 'glassbox']);
        assert.match(scopeSpans.schemaUrl, /^https:\/\/opentelemetry\.io\/schemas\/1\.\d+\.0$/);
        return scopeSpans.spans;
    });
    return all.map((span) => ({...span, attributes: mapOf(span.attributes), traceId: hex(span.traceId), spanId: hex(span.spanId), parentSpanId: hex(span.parentSpanId ?? '')}));
}

const MEMBERS = new Set(('resourceSpans resource attributes scopeSpans scope name version spans schemaUrl traceId spanId parentSpanId flags kind startTimeUnixNano endTimeUnixNano ' +
    'events timeUnixNano status message code droppedAttributesCount key value stringValue intValue doubleValue boolValue').split(' '));

/** A body of JSON as the decoder takes it: ids are hexadecimal in OTLP alone. */
function parseJson(text) {
    const request = JSON.parse(text, (key, value) => {
        assert.ok(key === '' || /^\d+$/.test(key) || MEMBERS.has(key), key);
        return /Id$/.test(key) ? Buffer.from(value, 'hex') : value;
    });
    return ExportTraceServiceRequest.fromObject(request);
}

/** A full document, with the numbers as texts that are too large for JavaScript. */
const parseFull = (text) => JSON.parse(text.replace(/"(clock_ns|int)":(-?\d+)/g, '"$1":"int $2"'));

const RENAMED = {'db.statement': 'db.query.text', 'db.rows': 'db.response.returned_rows'};

function namesOf(notes) {
    return Object.fromEntries(Object.entries(notes ?? {}).map(([key, value]) => [RENAMED[key] ?? key, value]));
}

const isDatabase = (notes) => Object.keys(notes ?? {}).some((key) => key.startsWith('db.'));
const unixNs = (clock) => clock.slice('int '.length);

/** The spans of the calls as the full document tells them, in the order of their ends; parents by number. */
function expectedCalls({entries, method_timings: methods, metadata}) {
    const place = new Map(methods.map(({name, file, line}) => [name, {file, line}]));
    assert.equal(place.size, methods.length);
    const threads = new Map(metadata.threads.map(({tid, name}) => [tid, name]));
    const calls = [], open = [];
    for (const {name, event, clock_ns: clock, thread_id: thread, notes, error} of entries) {
        if (event === 'enter') {
            open.push({name, start: unixNs(clock), parent: open.at(-1)});
            continue;
        }
        const call = open.pop();
        const {file, line} = place.get(name);
        const own = {'thread.id': `int ${thread}`, 'thread.name': threads.get(thread), ...(file && {'code.file.path': file, 'code.line.number': `int ${line}`})};
        calls.push(Object.assign(call, {end: unixNs(clock), error, kind: isDatabase(notes) ? Span.SpanKind.SPAN_KIND_CLIENT : Span.SpanKind.SPAN_KIND_INTERNAL,
            attributes: {...own, ...(isDatabase(notes) ? namesOf(notes) : notes)}}));
    }
    return calls;
}

function checkFailure(span, error, name) {
    if (error === undefined) {
        assert.equal(span.status, undefined, name);
        assert.deepEqual(span.events, [], name);
        return;
    }
    assert.equal(span.status.code, Status.StatusCode.STATUS_CODE_ERROR);
    assert.equal(span.status.message ?? '', error);
    const [event, ...others] = span.events;
    assert.deepEqual(others, []);
    assert.equal(event.name, 'exception');
    assert.deepEqual(mapOf(event.attributes), {'exception.message': error});
    assert.ok(BigInt(span.startTimeUnixNano) <= BigInt(event.timeUnixNano) && BigInt(event.timeUnixNano) <= BigInt(span.endTimeUnixNano));
}

function checkRequest(span, {metadata}, number) {
    // A failure whose span was dropped is known, but not in the full document.
    const failed = number % 3 === 0 || metadata.error !== null || (metadata.dropped_spans > 0 && span.status !== undefined);
    assert.equal(span.parentSpanId, metadata.parent_span_id ?? '');
    assert.deepEqual([span.name, span.kind], ['GET /random/{id}', Span.SpanKind.SPAN_KIND_SERVER]);
    assert.equal(Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)), metadata.total_duration_ns);
    assert.deepEqual(span.attributes, {
        'http.request.method': 'GET', 'url.path': '/random/7', 'http.route': '/random/{id}', 'http.response.status_code': `int ${number % 3 === 0 ? 500 : 200}`,
        ...(failed && {'error.type': number % 3 === 0 ? '500' : '_OTHER'}),
        'glassbox.name': metadata.name, 'glassbox.kept': 'asked', 'glassbox.truncated': metadata.truncated, 'glassbox.dropped_spans': `int ${metadata.dropped_spans}`,
        'glassbox.cpu_ns': `int ${Math.round(metadata.threads.reduce((sum, {cpu_ms: cpu}) => sum + cpu, 0) * 1e6)}`,
        'glassbox.overhead_ns': `int ${Math.round(metadata.overhead.estimated_ms * 1e6)}`, ...metadata.notes,
    });
    assert.equal(span.status?.code, failed ? Status.StatusCode.STATUS_CODE_ERROR : undefined);
    assert.equal(span.status?.message ?? '', metadata.error?.reason ?? '');
    assert.deepEqual(span.events.map(({attributes}) => mapOf(attributes)['exception.message']), metadata.own_error === null ? [] : [metadata.own_error]);
}

function checkSpans(spans, full, number) {
    const [request, ...calls] = spans;
    const expected = expectedCalls(full);
    checkRequest(request, full, number);
    assert.equal(calls.length, expected.length);
    assert.equal(new Set(spans.map(({spanId}) => spanId)).size, spans.length);
    expected.forEach((call, i) => Object.assign(call, {id: calls[i].spanId}));
    expected.forEach((call, i) => {
        const span = calls[i];
        assert.equal(span.traceId, full.metadata.trace_id);
        assert.equal(span.parentSpanId, call.parent?.id ?? request.spanId);
        assert.deepEqual([span.name, span.kind, span.startTimeUnixNano, span.endTimeUnixNano], [call.name, call.kind, call.start, call.end]);
        assert.deepEqual(span.attributes, call.attributes);
        checkFailure(span, call.error, call.name);
    });
}

describe('bodies of OTLP', () => {
    let captures;

    before(() => {
        const run = spawnSync(program('gbx-otlp-bodies'), [String(COUNT)], {maxBuffer: 2 ** 30});
        assert.equal(run.status, 0, String(run.stderr));
        captures = readCaptures(run.stdout);
        assert.equal(captures.length, COUNT);
    });

    it('as protobuf have what the full documents have', () => {
        captures.forEach(({full, protobuf}, i) => checkSpans(spansOf(protobuf.map((body) => ExportTraceServiceRequest.decode(body))), parseFull(full), i));
    });

    it('as JSON have what the full documents have', () => {
        captures.forEach(({full, json}, i) => checkSpans(spansOf(json.map(parseJson)), parseFull(full), i));
    });

    it('have the same ids in both forms', () => {
        for (const {protobuf, json} of captures)
            assert.deepEqual(spansOf(json.map(parseJson)).map(({spanId}) => spanId), spansOf(protobuf.map((body) => ExportTraceServiceRequest.decode(body))).map(({spanId}) => spanId));
    });

    it('cover all that traces can have', () => {
        const all = captures.map(({full}) => parseFull(full));
        const spans = captures.flatMap(({protobuf}) => spansOf(protobuf.map((body) => ExportTraceServiceRequest.decode(body))));
        assert.ok(captures.some(({protobuf}) => protobuf.length > 3));
        assert.ok(all.some(({metadata}) => metadata.threads.length > 2));
        assert.ok(all.some(({metadata}) => metadata.truncated) && all.some(({metadata}) => metadata.own_error !== null));
        assert.ok(all.some(({metadata}) => metadata.parent_span_id) && all.some(({metadata}) => !metadata.parent_span_id));
        assert.ok(spans.some(({kind}) => kind === Span.SpanKind.SPAN_KIND_CLIENT) && spans.some(({name}) => name.includes('\ufffd')));
        assert.ok(spans.some(({events}) => events.length > 0) && spans.some(({attributes}) => attributes['thread.name']?.includes('\ufffd')));
    });
});
