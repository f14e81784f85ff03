// SPDX-License-Identifier: MIT
// Computes the layout of a DOT graph in a worker, because it may be slow. Answers {svg} or {error}. This is a classic
// worker because viz.js is a script.
/* global Viz */
importScripts('viz.js');

addEventListener('message', async ({data}) => {
    try {
        const viz = await Viz.instance();
        postMessage({svg: viz.renderString(data, {format: 'svg', engine: 'dot', graphAttributes: {bgcolor: 'transparent', pad: '0.2'}, nodeAttributes: {fontname: 'sans-serif'}, edgeAttributes: {fontname: 'sans-serif'}})});
    } catch (error) {
        postMessage({error: String(error.message ?? error)});
    }
});
