// SPDX-License-Identifier: MIT
// Shows the result of a run: figures, trace or error. All content of an answer is inserted as text.
import {built} from './built.js';
import {goTo, goToToken, placeOf} from './form.js';

const byId = (id) => document.getElementById(id);
const home = new URL('..', import.meta.url);
const KEPT_FILES = 4;
const SHOWN_BYTES = 100_000;
const SHOWN_ROWS = 12;
const count = new Intl.NumberFormat('en');

/** `1 node`, `2,000 nodes`. */
export const counted = (number, word) => `${count.format(number)} ${word}${number === 1 ? '' : 's'}`;

/** Formats nanoseconds in a readable unit. */
export function readableNs(ns) {
    const [unit, size] = ns < 1e3 ? ['ns', 1] : ns < 1e6 ? ['µs', 1e3] : ns < 1e9 ? ['ms', 1e6] : ['s', 1e9];
    return `${(ns / size).toLocaleString('en', {maximumSignificantDigits: 3, useGrouping: false})} ${unit}`;
}

/** Formats bytes in a readable unit. */
export function readableBytes(bytes) {
    const [unit, size] = bytes < 1e3 ? ['bytes', 1] : bytes < 1e6 ? ['kB', 1e3] : ['MB', 1e6];
    return `${(bytes / size).toLocaleString('en', {maximumSignificantDigits: 3, useGrouping: false})} ${unit}`;
}

const files = [];

/**
 * Creates an address for a file. Older addresses stay valid for a few more runs, so that an open speedscope can be
 * reloaded.
 */
function addressOf(file) {
    const address = URL.createObjectURL(file);
    files.push(address);
    if (files.length > 2 * KEPT_FILES)
        URL.revokeObjectURL(files.shift());
    return address;
}

const fileName = (name) => name.replace(/[^\w.-]+/g, '_').replace(/^_+|_+$/g, '').slice(0, 80) || 'trace';

function cell(row, text, className = 'number') {
    const made = row.insertCell();
    made.textContent = text;
    made.className = className;
    return made;
}

/** Adds a cell with a readable time. The exact time is its tooltip. */
const timeCell = (row, ns) => (cell(row, readableNs(ns)).title = `${ns} ns`);

/** Inserts a text with possible line breaks after dots and slashes. */
function addBreakable(parent, text) {
    for (const part of text.split(/(?<=[./])(?=.)/))
        parent.append(part, document.createElement('wbr'));
}

function showRows(rows) {
    const body = byId('hotspots').tBodies[0];
    body.replaceChildren();
    for (const {name, file, line, calls, selfNs, totalNs, share} of rows) {
        const row = body.insertRow();
        const head = document.createElement('th');
        const where = document.createElement('small');
        head.scope = 'row';
        addBreakable(head, name);
        addBreakable(where, `${file}:${line}`);
        head.append(where);
        row.append(head);
        row.style.setProperty('--share', share.toFixed(4));
        cell(row, count.format(calls));
        timeCell(row, selfNs);
        timeCell(row, totalNs);
        cell(row, (100 * share).toFixed(1) + ' %', 'number share');
    }
}

/** Shows a trace, or the reason why there is none. `asked`: whether a trace was requested. */
export function showTrace(trace, {asked, capture}) {
    byId('trace-figures').hidden = trace === null;
    byId('trace-none').hidden = trace !== null;
    if (trace === null) {
        byId('trace-none').textContent = !asked ? 'No trace was requested.' : capture === 'off'
            ? 'The server captured nothing: capturing is switched off.' : 'The answer has no trace.';
        return;
    }
    const address = addressOf(trace.file);
    byId('trace-about').textContent = `${counted(trace.spanCount, 'span')} of ${counted(trace.threadCount, 'thread')}, ${readableNs(trace.durationNs)} in all. ` +
        'The table is computed from the document that the links open.';
    byId('speedscope').href = new URL(`speedscope/#profileURL=${encodeURIComponent(address)}`, home).href;
    byId('speedscope').hidden = !built.has('speedscope');
    byId('speedscope-missing').hidden = built.has('speedscope');
    byId('download-trace').href = address;
    byId('download-trace').download = `${fileName(trace.name)}.speedscope.json`;
    byId('download-trace').textContent = `Download .speedscope.json (${readableBytes(trace.file.size)})`;
    showRows(trace.rows.slice(0, SHOWN_ROWS));
    const rest = trace.rowCount - SHOWN_ROWS;
    byId('hotspots-rest').textContent = rest > 0 ? `And ${counted(rest, 'function')} with less time of their own.` : '';
}

/** The main text of an answer: the text that the engine wrote, or else the answer itself. */
function textOf(answer) {
    return answer.dot ?? answer.mermaid ?? answer.tree ?? JSON.stringify(answer, null, 2);
}

/**
 * Shows the answer, an output or a problem, as text and as a file. A text of megabytes would freeze the page, so long
 * texts are cut.
 */
export async function showAnswer(answer, file, name) {
    const address = addressOf(file);
    const small = file.size <= SHOWN_BYTES;
    const text = small ? textOf(answer) : await file.slice(0, SHOWN_BYTES).text();
    byId('answer-text').textContent = text;
    byId('answer-cut').hidden = small;
    byId('answer-cut').textContent = `The first ${readableBytes(SHOWN_BYTES)} of ${readableBytes(file.size)}.`;
    byId('download-answer').href = address;
    byId('download-answer').download = `${fileName(name)}.json`;
    byId('download-answer').textContent = `Download the answer (${readableBytes(file.size)})`;
}

function showWay(button, place, label, go) {
    button.hidden = place === null;
    button.textContent = label;
    button.onclick = go;
}

/** Shows a problem (RFC 9457) with its status. `retryAfter` is the value of the header. */
export function showProblem({title = 'Refused', detail = '', pointer = ''}, status, retryAfter) {
    const place = pointer ? placeOf(pointer) : null;
    const token = status === 401 || status === 403;
    byId('problem-status').textContent = String(status);
    byId('problem-title').textContent = title;
    byId('problem-detail').textContent = detail + (retryAfter ? ` Try again in ${counted(Number(retryAfter), 'second')}.` : '');
    byId('problem-place').hidden = pointer === '';
    byId('problem-pointer').textContent = pointer;
    if (token)
        showWay(byId('problem-go'), true, 'Enter a token', goToToken);
    else
        showWay(byId('problem-go'), place, 'Show it in the input', () => goTo(place));
}
