// SPDX-License-Identifier: MIT
// The form: what can be chosen, which the server is asked for, and what a person chose.
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

/** Fills the select `id` with what the server lists; the one that is called so is chosen when there is one. */
function fill(id, entries, chosen) {
    for (const entry of entries) {
        about[id].set(entry.name, entry);
        byId(id).append(new Option(entry.label, entry.name, false, entry.name === chosen));
    }
}

/** The names of the options that an engine's or transformation's schema knows. */
const optionNames = ({options}) => Object.keys(options?.properties ?? {});

/** Keeps what explains the choices in step with them. */
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

/** Takes a file's text over; by its name it is a graph or a page. */
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

/** Asks the server what there is and makes the form ready. Rejects when the server does not answer. */
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

/** What is to be sent, for run.worker.js. */
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

/** Says at a field (`text`, `options`) what is wrong with it, and takes the person there. */
export function showFault(field, message) {
    byId(field).setAttribute('aria-invalid', 'true');
    byId(`${field}-fault`).textContent = `This is not JSON: ${message}`;
    if (field === 'options')
        byId('more').open = true;
    byId(field).focus();
}

/** Where in the form the value is that a pointer into the request names: {field, range}, or null. */
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

/** Takes the person to a place in the form and selects it. */
export function goTo({field, range: [begin, end]}) {
    const element = byId(field);
    if (field === 'options')
        byId('more').open = true;
    element.focus();
    element.setSelectionRange(begin, end);
    // Selecting does not scroll: as many lines down as there are before the place.
    const lines = element.value.slice(0, begin).split('\n').length - 1;
    element.scrollTop = Math.max(0, lines - 2) * parseFloat(getComputedStyle(element).lineHeight);
}

/** Takes the person to where a token is typed. */
export function goToToken() {
    byId('more').open = true;
    byId('token').focus();
}
