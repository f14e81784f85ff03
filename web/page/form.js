// SPDX-License-Identifier: MIT
// The form: the choices, which come from the server, and the user's input.
import {examples} from './examples.js';
import {rangeOf} from './pointer.js';

const home = new URL('..', import.meta.url);
const byId = (id) => document.getElementById(id);
const form = byId('form');
const text = byId('text');
const example = byId('example');
const OWN = '';

const about = {engine: new Map(), transformation: new Map()};

const sourceOf = () => form.elements.source.value;

async function getJson(path) {
    const response = await fetch(new URL(path, home), {headers: {Accept: 'application/json'}});
    if (!response.ok)
        throw new Error(`${path}: ${response.status}`);
    return response.json();
}

/** Fills the select `id` with the server's list. Selects the entry with the name `chosen` if there is one. */
function fill(id, entries, chosen) {
    for (const entry of entries) {
        about[id].set(entry.name, entry);
        byId(id).append(new Option(entry.label, entry.name, false, entry.name === chosen));
    }
}

/** The names of the options in the schema of an engine or a transformation. */
const optionNames = ({options}) => Object.keys(options?.properties ?? {});

/** Updates the explanations of the choices. */
function explain() {
    for (const id of ['engine', 'transformation'])
        byId(`${id}-about`).textContent = about[id].get(byId(id).value)?.description ?? '';
    byId('options-known').textContent = ['engine', 'transformation'].map((id) => [id, optionNames(about[id].get(byId(id).value) ?? {})])
        .filter(([, names]) => names.length > 0).map(([id, names]) => `${id === 'engine' ? 'Options of the engine, in the member options' : 'Options of the transformation'}: ${names.join(', ')}.`).join(' ');
    byId('text-label').textContent = sourceOf() === 'html' ? 'HTML' : 'Graph, as JSON';
    byId('route').textContent = `POST ${pathOf()}`;
}

const pathOf = () => `/graph/from/${sourceOf()}/to/${byId('engine').value}/${byId('transformation').value}${byId('trace').checked ? '/speedscope' : ''}`;

async function useExample(name) {
    const {source, text: load} = examples[name];
    form.elements.source.value = source;
    example.value = name;
    text.value = await load();
    clearFault();
    explain();
}

/** Uses the text of a file. Its name decides whether it is a graph or a page. */
async function useFile(file) {
    if (!file)
        return;
    form.elements.source.value = /\.json$/i.test(file.name) ? 'json' : 'html';
    example.value = OWN;
    text.value = await file.text();
    clearFault();
    explain();
}

function onSourceChange() {
    const first = Object.keys(examples).find((name) => examples[name].source === sourceOf());
    explain();
    if (example.value !== OWN)
        return useExample(first);
}

/** Loads the choices from the server and prepares the form. Rejects if the server does not answer. */
export async function openForm() {
    for (const [name, {label}] of Object.entries(examples))
        example.append(new Option(label, name));
    example.append(new Option('Your own', OWN));
    const [{engines, default: usual}, {transformations, default: plain}] = await Promise.all([getJson('graph/engines'), getJson('graph/transformations')]);
    fill('engine', engines, usual);
    fill('transformation', transformations, plain);
    await useExample(Object.keys(examples)[0]);
    example.addEventListener('change', () => (example.value === OWN ? text.focus() : useExample(example.value)));
    text.addEventListener('input', () => {
        example.value = OWN;
        clearFault();
    });
    byId('file').addEventListener('change', ({target}) => useFile(target.files[0]));
    for (const radio of form.elements.source)
        radio.addEventListener('change', onSourceChange);
    form.addEventListener('change', explain);
    byId('options').addEventListener('input', clearFault);
    byId('run').disabled = false;
}

/** The request to send, for run.worker.js. */
export const requestOf = () => ({
    url: new URL(pathOf().slice(1), home).href,
    source: sourceOf(),
    text: text.value,
    options: byId('options').value,
    trace: byId('trace').checked,
    token: byId('token').value.trim(),
});

function clearFault() {
    for (const id of ['text', 'options']) {
        byId(id).removeAttribute('aria-invalid');
        byId(`${id}-fault`).textContent = '';
    }
}

/** Shows an error at a field (`text`, `options`) and moves the focus there. */
export function showFault(field, message) {
    byId(field).setAttribute('aria-invalid', 'true');
    byId(`${field}-fault`).textContent = `This is not JSON: ${message}`;
    if (field === 'options')
        byId('more').open = true;
    byId(field).focus();
}

/** The position in the form of the value at a pointer into the request: {field, range}, or null. */
export function placeOf(pointer) {
    const [, first, ...rest] = pointer.split('/');
    const inner = rest.map((part) => '/' + part).join('');
    const field = {graph_data: 'text', transform_config: 'options'}[first];
    if (!field)
        return null;
    const value = byId(field).value;
    if (field === 'text' && sourceOf() === 'html')
        return {field, range: [0, value.length]};
    return {field, range: value.trim() === '' ? [0, 0] : rangeOf(value, inner)};
}

/** Moves the focus to a position in the form and selects it. */
export function goTo({field, range: [begin, end]}) {
    const element = byId(field);
    if (field === 'options')
        byId('more').open = true;
    element.focus();
    element.setSelectionRange(begin, end);
    // Selecting does not scroll, so scroll by the number of lines before the position.
    const lines = element.value.slice(0, begin).split('\n').length - 1;
    element.scrollTop = Math.max(0, lines - 2) * parseFloat(getComputedStyle(element).lineHeight);
}

/** Moves the focus to the token field. */
export function goToToken() {
    byId('more').open = true;
    byId('token').focus();
}
