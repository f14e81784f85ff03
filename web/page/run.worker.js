// SPDX-License-Identifier: MIT
// Sends one request and reads its answer in a worker, so that a trace of 40 MB does not freeze the page and cancelling
// frees it.
import {hotspotsOf} from './hotspots.js';

const HOTSPOT_ROWS = 200;
const PROGRESS_BYTES = 1 << 18;

/** A field that cannot be sent because it is not JSON. The page shows the error at the field. */
class FieldError extends Error {
    constructor(field, message) {
        super(message);
        this.field = field;
    }
}

/** Checks that the text of a field is JSON. The text is sent as written, so that no number changes. */
function checkedJson(field, text) {
    try {
        JSON.parse(text);
    } catch (error) {
        throw new FieldError(field, error.message);
    }
    return text;
}

function bodyOf({source, text, options, trace}) {
    const members = [`"graph_data":${source === 'html' ? JSON.stringify({html: text}) : checkedJson('text', text)}`];
    if (options.trim() !== '')
        members.push(`"transform_config":${checkedJson('options', options)}`);
    if (trace)
        members.push('"trace_config":{"capture_traces":true}');
    return `{${members.join(',')}}`;
}

/** Reads the whole body as a blob and reports progress from time to time. */
async function readBody(response) {
    const reader = response.body.getReader();
    const pieces = [];
    let received = 0;
    let told = 0;
    for (;;) {
        const {done, value} = await reader.read();
        if (done)
            return new Blob(pieces);
        pieces.push(value);
        received += value.length;
        if (received - told >= PROGRESS_BYTES)
            postMessage({kind: 'progress', received: told = received});
    }
}

/** The trace for the page: its figures, and the document as a file. */
function traceOf(document) {
    if (!document)
        return null;
    const figures = hotspotsOf(document);
    return {
        ...figures,
        rows: figures.rows.slice(0, HOTSPOT_ROWS),
        rowCount: figures.rows.length,
        file: new Blob([JSON.stringify(document)], {type: 'application/json'}),
    };
}

/** Reads an answer of the server: {status, problem or output, outputFile, trace, capture}. */
async function answerOf(response, traced) {
    const body = await readBody(response);
    const document = JSON.parse(await body.text());
    const enveloped = traced && document !== null && Object.hasOwn(document, 'graph_output');
    const output = enveloped ? document.graph_output : document;
    return {
        status: response.status,
        ...(response.ok ? {output} : {problem: output}),
        outputFile: enveloped ? new Blob([JSON.stringify(output)], {type: 'application/json'}) : body,
        trace: enveloped ? traceOf(document.traces) : null,
        capture: response.headers.get('Glassbox-Capture'),
        retryAfter: response.headers.get('Retry-After'),
    };
}

async function run({url, token, ...request}) {
    const headers = {'Content-Type': 'application/json', 'Accept': 'application/json'};
    if (token !== '')
        headers.Authorization = `Bearer ${token}`;
    const response = await fetch(url, {method: 'POST', headers, body: bodyOf(request), cache: 'no-store', credentials: 'omit'});
    return {kind: 'answer', ...await answerOf(response, request.trace)};
}

addEventListener('message', async ({data}) => {
    try {
        postMessage(await run(data));
    } catch (error) {
        postMessage({kind: 'failure', field: error.field ?? null, message: error.message});
    }
});
