import { once } from 'node:events';
import { createServer } from 'node:http';
import express from 'express';
import { createFhirServer } from '../../src/fhir-server/server.ts';

/** The embedded FHIR server alone, in a process of its own: `node fhir-process.ts PORT FILE`. */
const [port = '0', file = ''] = process.argv.slice(2);
const fhir = createFhirServer({ base: `http://127.0.0.1:${port}/fhir/R4`, file });
const server = createServer(express().use('/fhir/R4', fhir.router));
server.listen(Number(port), '127.0.0.1');
await once(server, 'listening');
process.stdout.write('listening\n');
