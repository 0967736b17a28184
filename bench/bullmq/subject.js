'use strict';

// BullMQ as a subject of the job benchmark: one process, one line of JSON in, one out
// (see SubjectMain.java for the Java subjects, which do the same steps in the same order).

const readline = require('node:readline');
const { Queue, Worker } = require('bullmq');
const Redis = require('ioredis');

const QUEUE = 'bench';
const EFFECTS = 'bench:effects';
const BYTES = 200;
const SUBMITTERS = 16;

const redisUrl = new URL(process.argv[2]);
const connection = () => ({
  host: redisUrl.hostname,
  port: Number(redisUrl.port),
  db: 1,
  maxRetriesPerRequest: null,
});
const redis = new Redis(connection());
const queue = new Queue(QUEUE, { connection: connection() });

let worker;
let runs = new Runs(0);

function Runs(jobs) {
  this.perJob = new Int32Array(jobs);
  this.latencies = new Float64Array(jobs);
  this.total = 0;
  this.distinct = 0;
  this.finished = 0;
  this.firstMillis = 0;
  this.allFinished = new Promise((resolve) => (this.resolve = resolve));
}

const send = (message) => process.stdout.write('@bench ' + JSON.stringify(message) + '\n');
const epochMicros = () => Math.round((performance.timeOrigin + performance.now()) * 1000);
const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

function payload(number, due, hold) {
  const job = { number, due, hold, pad: '' };
  job.pad = 'x'.repeat(BYTES - JSON.stringify(job).length);
  return job;
}

async function run(job) {
  const { number, due, hold } = job.data;
  if (due > 0) {
    runs.latencies[number] ||= Math.max(1, epochMicros() - due);
  } else if (runs.firstMillis === 0) {
    runs.firstMillis = performance.now();
  }
  runs.total++;
  if (runs.perJob[number]++ === 0) {
    runs.distinct++;
  }
  if (hold > 0) {
    send({ began: number });
    await redis.rpush(EFFECTS, number);
    await pause(hold);
  }
}

// Emitted when Redis has taken the finish.
function finished() {
  runs.finished++;
  if (runs.finished === runs.perJob.length) {
    runs.resolve();
  }
}

async function work(slots, jobs) {
  runs = new Runs(jobs);
  worker = new Worker(QUEUE, run, { connection: connection(), concurrency: slots });
  worker.on('completed', finished);
  worker.on('error', (error) => console.error(error));
  await worker.waitUntilReady();
}

async function submitOneByOne(jobs) {
  let next = 0;
  const submitter = async () => {
    while (next < jobs.length) {
      await queue.add('no-op', jobs[next++]);
    }
  };
  await Promise.all(Array.from({ length: SUBMITTERS }, submitter));
}

const requests = {
  async reset() {
    await redis.flushdb();
    return {};
  },

  async submit({ jobs, bulk, hold = 0 }) {
    const payloads = Array.from({ length: jobs }, (_, number) => payload(number, 0, hold));
    const begin = performance.now();
    if (bulk) {
      for (let from = 0; from < jobs; from += 1000) {
        const data = payloads.slice(from, from + 1000);
        await queue.addBulk(data.map((one) => ({ name: 'no-op', data: one })));
      }
    } else {
      await submitOneByOne(payloads);
    }
    return { seconds: (performance.now() - begin) / 1000 };
  },

  async process({ jobs, slots }) {
    await work(slots, jobs);
    await runs.allFinished;
    const seconds = (performance.now() - runs.firstMillis) / 1000;
    await worker.close();
    const { total, distinct } = runs;
    return { seconds, runs: total, distinct, finished: await queue.getCompletedCount() };
  },

  // Open loop: submissions are due when the rate says so, whatever became of those before.
  async pace({ rate, seconds, slots }) {
    const jobs = rate * seconds;
    await work(slots, jobs);
    const beginMillis = performance.now();
    const beginMicros = epochMicros();
    const adds = [];
    for (let i = 0; i < jobs; ) {
      const elapsed = performance.now() - beginMillis;
      for (; i < jobs && (i * 1000) / rate <= elapsed; i++) {
        const due = beginMicros + Math.round((i * 1e6) / rate);
        adds.push(queue.add('no-op', payload(i, due, 0)));
      }
      await new Promise(setImmediate);
    }
    await Promise.all(adds);
    await runs.allFinished;
    await worker.close();
    return { runs: runs.total, refused: 0, latencies: Array.from(runs.latencies) };
  },

  async work({ slots, jobs }) {
    await work(slots, jobs);
    return {};
  },

  async audit() {
    const effects = (await redis.lrange(EFFECTS, 0, -1)).map(Number);
    return { finished: await queue.getCompletedCount(), effects };
  },
};

async function main() {
  await queue.waitUntilReady();
  send({ ready: true });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    try {
      send(await requests[request.do](request));
    } catch (error) {
      send({ error: String(error) });
    }
  }
  process.exit(0);
}

main();
