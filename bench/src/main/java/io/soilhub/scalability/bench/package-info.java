/// Measures the job engine beside BullMQ and JobRunr on the same machine, the same PostgreSQL and
/// the same Redis. [io.soilhub.scalability.bench.JobsBenchmark] starts the stores and one process a
/// subject, talks to them in lines of JSON ([io.soilhub.scalability.bench.SubjectProcess] on its
/// side, [io.soilhub.scalability.bench.SubjectMain] or `bullmq/subject.js` on the other) and writes
/// docs/benchmarks.md. Every number of a phase is taken inside the subject, so that the lines cost
/// it nothing.
package io.soilhub.scalability.bench;
