import express from 'express';

/** What a hook answer costs at least: the same body parsed, the same answer sent, nothing done. Prints its base URL. */
const answer = JSON.parse(process.argv[2] ?? '{"cards":[]}');
const app = express();
app.disable('x-powered-by');
app.post('/cds-services/:id', express.json({ limit: '4mb' }), (_request, response) => {
  response.json(answer);
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
});
