// SPDX-License-Identifier: MIT
// The whole page: sends the request of the form, shows the result, and reports progress.
import {draw, limitOf, whyNotDrawn} from './drawing.js';
import {openForm, requestOf, showFault} from './form.js';
import {counted, readableBytes, readableNs, showAnswer, showProblem, showTrace} from './result.js';

const byId = (id) => document.getElementById(id);
const PATIENCE_MS = 1000; // delay before progress and a cancel button are shown
const darkness = matchMedia('(prefers-color-scheme: dark)');
const stage = byId('stage');

const say = (text) => (byId('status').textContent = text);

/** The request in progress: {worker, started, timer}, or null. */
let running = null;
/** The drawing that is shown or being made: {output, stop: AbortController, view}. */
let drawing = null;

function clearStage() {
    drawing?.stop.abort(new Error('not wanted any more'));
    drawing?.view?.destroy();
    drawing = null;
    stage.replaceChildren();
    stage.dataset.drawn = '';
    stage.classList.remove('failed');
    byId('zoom').hidden = true;
}

/** Shows the reason why there is no drawing. With `again`, adds a button that draws anyway. */
function showNoDrawing(text, again = null) {
    const note = document.createElement('p');
    note.textContent = text;
    stage.replaceChildren(note);
    if (again) {
        const button = document.createElement('button');
        button.type = 'button';
        button.id = 'draw-anyway';
        button.textContent = 'Draw it anyway';
        button.addEventListener('click', again);
        stage.append(button);
    }
}

async function showDrawing(output, anyway = false) {
    clearStage();
    const reason = whyNotDrawn(output.engine);
    if (reason)
        return showNoDrawing(reason);
    if (!anyway && output.node_count > limitOf(output.engine)) {
        return showNoDrawing(`${counted(output.node_count, 'node')} and ${counted(output.edge_count, 'edge')} may keep this tab busy for a long time.`,
            () => showDrawing(output, true));
    }
    const mine = drawing = {output, stop: new AbortController(), view: null};
    stage.setAttribute('aria-busy', 'true');
    try {
        mine.view = await draw(stage, output, {dark: darkness.matches, signal: mine.stop.signal});
        if (mine !== drawing)
            return mine.view.destroy();
        stage.dataset.drawn = String(mine.view.drawn);
        byId('zoom').hidden = mine.view.zoom === null;
    } catch (error) {
        if (mine === drawing) {
            stage.classList.add('failed');
            showNoDrawing(`The library could not draw this: ${error.message}`);
        }
    } finally {
        if (mine === drawing)
            stage.removeAttribute('aria-busy');
    }
}

function endRun() {
    // The button disappears while it has the focus.
    if (document.activeElement === byId('cancel'))
        byId('run').focus({preventScroll: true});
    running?.worker.terminate();
    clearInterval(running?.timer);
    running = null;
    byId('cancel').hidden = true;
    byId('progress').hidden = true;
    byId('results').removeAttribute('aria-busy');
}

function showProgress(received = null) {
    if (!running)
        return;
    const seconds = Math.floor((performance.now() - running.started) / 1000);
    running.received = received ?? running.received;
    byId('progress').hidden = seconds < 1;
    byId('progress').textContent = `${seconds} s${running.received ? `, ${readableBytes(running.received)} received` : ''}`;
    if (seconds >= 1 && byId('cancel').hidden) {
        byId('cancel').hidden = false;
        say('Still running.');
    }
}

/** Scrolls to the results if they are below the form. */
function reveal() {
    const top = byId('results').getBoundingClientRect().top;
    if (top > innerHeight * 0.7)
        byId('results').scrollIntoView({behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth'});
}

function summaryOf({status, output, trace}) {
    const facts = output ? `${counted(output.node_count, 'node')}, ${counted(output.edge_count, 'edge')}` : `Refused with ${status}`;
    return `${facts}${trace ? `; a trace of ${counted(trace.spanCount, 'span')}` : ''}.`;
}

function showOutcome(answer, request) {
    const {output, problem, status, outputFile, trace, capture, retryAfter} = answer;
    byId('welcome').hidden = true;
    byId('outcome').hidden = false;
    byId('problem').hidden = !problem;
    byId('drawing').hidden = !output;
    if (problem) {
        clearStage();
        showProblem(problem, status, retryAfter);
    } else {
        byId('facts').textContent = `${counted(output.node_count, 'node')} · ${counted(output.edge_count, 'edge')} · ${readableNs(output.duration * 1e9)}`;
        stage.setAttribute('aria-label', `Drawing by ${output.engine}: ${counted(output.node_count, 'node')}, ${counted(output.edge_count, 'edge')}`);
        showDrawing(output);
    }
    byId('trace-card').hidden = Boolean(problem) && !trace;
    showTrace(trace, {asked: request.trace, capture});
    showAnswer(output ?? problem, outputFile, new URL(request.url).pathname);
    say(summaryOf(answer));
    reveal();
}

/** Shows a failure without an answer: a field that is not JSON, or no response from the server. */
function showFailure({field, message}) {
    if (field) {
        say('Not sent.');
        showFault(field, message);
        return;
    }
    say('The server did not answer.');
    byId('welcome').hidden = true;
    byId('outcome').hidden = false;
    byId('problem').hidden = false;
    byId('drawing').hidden = byId('trace-card').hidden = true;
    clearStage();
    showProblem({title: 'No answer', detail: message}, 'Error', null);
}

function run() {
    const request = requestOf();
    const worker = new Worker(new URL('run.worker.js', import.meta.url), {type: 'module'});
    endRun(); // only one run at a time: a new run replaces the previous one
    running = {worker, started: performance.now(), received: 0, timer: setInterval(showProgress, PATIENCE_MS)};
    byId('results').setAttribute('aria-busy', 'true');
    say('Running.');
    worker.addEventListener('message', ({data}) => {
        if (worker !== running?.worker)
            return;
        if (data.kind === 'progress') {
            showProgress(data.received);
            return;
        }
        endRun();
        if (data.kind === 'answer')
            showOutcome(data, request);
        else
            showFailure(data);
    });
    worker.addEventListener('error', () => {
        endRun();
        showFailure({field: null, message: 'The script that sends requests could not be run.'});
    });
    worker.postMessage(request);
}

function cancel() {
    endRun();
    say('Cancelled.');
}

const STEP = 60;
const keys = {
    '+': (view) => view.zoom(1.25), '=': (view) => view.zoom(1.25), '-': (view) => view.zoom(0.8), '0': (view) => view.fit(),
    'ArrowLeft': (view) => view.pan(-STEP, 0), 'ArrowRight': (view) => view.pan(STEP, 0), 'ArrowUp': (view) => view.pan(0, -STEP), 'ArrowDown': (view) => view.pan(0, STEP),
};

function onStageKey(event) {
    const view = drawing?.view;
    if (!view?.zoom || !keys[event.key] || event.ctrlKey || event.metaKey || event.altKey)
        return;
    event.preventDefault();
    keys[event.key](view);
}

byId('form').addEventListener('submit', (event) => {
    event.preventDefault();
    run();
});
byId('text').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !byId('run').disabled)
        run();
});
byId('cancel').addEventListener('click', cancel);
byId('zoom-in').addEventListener('click', () => drawing?.view?.zoom(1.25));
byId('zoom-out').addEventListener('click', () => drawing?.view?.zoom(0.8));
byId('zoom-fit').addEventListener('click', () => drawing?.view?.fit());
stage.addEventListener('keydown', onStageKey);
// Some drawings contain colours, so a change of the colour scheme needs a new drawing.
darkness.addEventListener('change', () => drawing?.view && showDrawing(drawing.output, true));
openForm().then(() => say('Ready.'), (error) => say(`The server did not send its lists of engines and transformations (${error.message}).`));
