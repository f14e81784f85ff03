// SPDX-License-Identifier: MIT
// What the tests send: real pages, a real graph, and request bodies made of them.
import fs from 'node:fs';
import path from 'node:path';

import {source} from './process.js';

const PAGES = '/usr/share/doc/sqlite3';

/** The HTML pages of Debian's sqlite3-doc, largest first: [{name, bytes}]. */
export function pages() {
    const names = fs.readdirSync(PAGES).filter((name) => name.endsWith('.html'));
    return names.map((name) => ({name, bytes: fs.statSync(path.join(PAGES, name)).size})).sort((a, b) => b.bytes - a.bytes);
}

export const LARGEST_PAGE = 'requirements.html';
export const pagePath = (name) => path.join(PAGES, name);
export const readPage = (name) => fs.readFileSync(pagePath(name), 'utf8');

/** Zachary's karate club as a graph document. */
export const karate = () => JSON.parse(fs.readFileSync(source('fixtures', 'graphs', 'karate.json'), 'utf8'));

export const htmlBody = (html) => ({graph_data: {html}});

/** `body` with tracing on, and further fields of the trace_config. */
export const traced = (body, fields = {}) => ({...body, trace_config: {capture_traces: true, ...fields}});

/** Under ThreadSanitizer everything takes ten times as long, and a quarter of the repetitions shows the same. */
export const SLOW = process.env.GLASSBOX_SANITIZE === 'thread';
export const fewer = (count) => (SLOW ? Math.ceil(count / 4) : count);

export const FORMATS = ['full', 'summary', 'speedscope'];

/** The names of all sources, engines and transformations, as the one literal list has them. */
export const PARTS = JSON.parse(fs.readFileSync(source('tests', 'support', 'parts.json'), 'utf8'));
export const ENGINES = PARTS.engine;
