// SPDX-License-Identifier: MIT
// Traces as a test tells them to gbx-told-store (told_store.c).

export const span = (name, self_ns, spans = [], more = {}) => ({name, file: 'src/shop.c', line: 10, self_ns, spans, ...more});
export const query = (statement, self_ns = 1000, notes = {}) => ({name: 'SELECT', file: 'src/sqlite/trace.c', line: 1, self_ns, notes: {'db.statement': statement, ...notes}});
export const times = (count, make) => Array.from({length: count}, (_, i) => make(i));
export const trace = (route, spans, more = {}) => ({method: 'GET', route, spans, ...more});
