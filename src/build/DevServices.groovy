/*
 * Starts what the application needs for `mvn` and `mvn process-classes liberty:dev`: a real PostgreSQL
 * and a real Redis in the background, with their data in .data/, and points Liberty at them. Runs in the
 * Maven JVM, so that everything ends with it: PostgreSQL and Redis after the server that needs them.
 */
import groovy.transform.CompileStatic
import groovy.transform.Field
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.FutureTask
import java.util.zip.ZipFile
import org.apache.maven.plugin.MojoFailureException
import org.apache.maven.toolchain.ToolchainManager
import redis.embedded.core.ExecutableProvider

/**
 * Ends the services when Maven ends, and only after the server, which gets Ctrl-C as well and still needs
 * them. Compiled statically and free of Groovy's own methods: by then Maven has closed its class loader.
 */
@CompileStatic
class Closing extends Thread {
  final List<ProcessHandle> services = Collections.synchronizedList(new ArrayList<ProcessHandle>())

  @Override
  void run() {
    List<ProcessHandle> servers = servers()
    for (int i = 0; i < servers.size(); i++) {
      await(servers.get(i))
    }
    for (int i = 0; i < services.size(); i++) {
      end(services.get(i))
    }
  }

  /** The Liberty servers that this Maven started. */
  static List<ProcessHandle> servers() {
    List<ProcessHandle> servers = new ArrayList<ProcessHandle>()
    Iterator<ProcessHandle> children = ProcessHandle.current().descendants().iterator()
    while (children.hasNext()) {
      ProcessHandle child = children.next()
      String[] arguments = child.info().arguments().orElse(new String[0])
      if (Arrays.asList(arguments).toString().contains('ws-server.jar')) {
        servers.add(child)
      }
    }
    return servers
  }

  static void end(ProcessHandle process) {
    process.destroy()
    await(process)
  }

  /** A process that ended and that nobody has reaped yet is still listed, but has no program any more. */
  private static void await(ProcessHandle process) {
    for (int i = 0; i < 600 && process.isAlive() && process.info().command().isPresent(); i++) {
      Thread.sleep(100L)
    }
  }
}

/** Ends the Maven that took this one's place, and waits for its end. */
@CompileStatic
class EndOfChild extends Thread {
  private final ProcessHandle child

  EndOfChild(ProcessHandle child) {
    this.child = child
  }

  @Override
  void run() {
    Closing.end(child)
  }
}

@Field long begin = session.startTime.time
@Field Path data = project.basedir.toPath().resolve('.data')
@Field Map liberty = project.properties

def goals = session.goals ?: (project.defaultGoal ?: '').tokenize()
if (!goals.any { it.contains('liberty:') || it.contains('liberty-maven-plugin') }) {
  return
}
boolean devMode = goals.any { it.endsWith(':dev') }

useSelectedJdk()
if (devMode && Runtime.version().feature() < 25) {
  continueOnSelectedJdk()
}
beTheOnlyOne()
endLeftOverServer()
int port = httpPort()
Closing closing = new Closing()
Runtime.runtime.addShutdownHook(closing)
def logs = System.getenv('LOG_DIR') ?: project.basedir.toPath().resolve('logs').toString()
def tasks = [{
  unpackLiberty()
  if (devMode) {
    linkMessagesLog(logs)
  }
}]
if (System.getenv('REDIS_URL')) {
  log.info('Redis: the one named by REDIS_URL')
} else {
  int redisPort = redisPort()
  tasks << { closing.services << startRedis(redisPort) }
}
if (System.getenv('DATABASE_URL')) {
  log.info('PostgreSQL: the one named by DATABASE_URL')
} else {
  int postgresPort = postgresPort()
  tasks << { closing.services << startPostgres(postgresPort) }
}
// Beside the compiler; the build waits for them before it starts the server.
project.setContextValue('dev-services', tasks.collect { inBackground(it) })
// A development server should be up soon rather than fast for long: no second compiler tier.
liberty['liberty.env.JVM_ARGS'] = System.getenv('JVM_ARGS') ?: '-XX:TieredStopAtLevel=1'
// Variables given here take the place of the file server.env, which has the same default.
liberty['liberty.env.OTEL_SERVICE_NAME'] = System.getenv('OTEL_SERVICE_NAME') ?: 'soilhub-scalability'
liberty['liberty.env.LOG_DIR'] = logs
announceWhenReady(port)

/** Liberty must run on the JDK that the sources are compiled for, not on the one that runs Maven. */
void useSelectedJdk() {
  def toolchain = session.container.lookup(ToolchainManager).getToolchainFromBuildContext('jdk', session)
  def home = toolchain ? Path.of(toolchain.findTool('java')).parent.parent.toString() : System.getProperty('java.home')
  liberty['liberty.env.JAVA_HOME'] = home
}

/**
 * Development mode compiles changed sources with the compiler of the JDK that runs Maven. If that JDK is too old
 * for them, the same command runs on the selected JDK, and this JVM only waits for its end.
 */
void continueOnSelectedJdk() {
  def arguments = ProcessHandle.current().info().arguments().orElse(new String[0]) as List
  int launcher = arguments.indexOf('org.codehaus.plexus.classworlds.launcher.Launcher')
  if (launcher < 0) {
    stop('Development mode compiles with the JDK that runs Maven: set JAVA_HOME to a JDK 25')
  }
  def maven = Path.of(System.getProperty('maven.home'), 'bin', 'mvn').toString()
  def builder = new ProcessBuilder([maven, *arguments.drop(launcher + 1)]*.toString()).inheritIO()
  builder.directory(new File(System.getProperty('user.dir')))
  builder.environment()['JAVA_HOME'] = liberty['liberty.env.JAVA_HOME'].toString()
  log.info("Development mode continues on the JDK in ${liberty['liberty.env.JAVA_HOME']}")
  def process = builder.start()
  Runtime.runtime.addShutdownHook(new EndOfChild(process.toHandle()))
  System.exit(process.waitFor())
}

int httpPort() {
  def wanted = System.getenv('PORT') ?: '8000'
  if (!wanted.isInteger() || !(wanted as int in 1..65535)) {
    stop("PORT is '${wanted}', but must be a whole number from 1 to 65535")
  }
  int port = wanted as int
  if (!isFree(port)) {
    stop("Port ${port} is taken: stop what listens there, or choose another with PORT=<port> mvn")
  }
  return port
}

/** Two in one folder would take each other's data for left over. The lock lasts as long as this JVM. */
void beTheOnlyOne() {
  def file = new RandomAccessFile(Files.createDirectories(data).resolve('lock').toFile(), 'rw')
  project.setContextValue('dev-lock', file)
  if (!file.channel.tryLock()) {
    stop('Another mvn runs the service from this folder: stop it, or use a second clone')
  }
}

void stop(String sentence) {
  log.error(sentence)
  throw new MojoFailureException(sentence)
}

FutureTask inBackground(Closure task) {
  def future = new FutureTask(task as Callable)
  def thread = new Thread(future)
  thread.daemon = true
  thread.start()
  return future
}

/** Unpacks the runtime as the Liberty plugin would, with its mark that says so. */
void unpackLiberty() {
  def home = Path.of(liberty['liberty.home'])
  def mark = home.resolve('.installed')
  def version = liberty['liberty.version']
  def archive = Path.of(session.localRepository.basedir, 'io', 'openliberty', 'openliberty-runtime', version,
      "openliberty-runtime-${version}.zip")
  if (Files.exists(home) || !Files.exists(archive)) {
    return
  }
  new ZipFile(archive.toFile()).withCloseable { zip ->
    for (entry in zip.entries()) {
      def target = home.parent.resolve(entry.name).normalize()
      if (entry.directory) {
        Files.createDirectories(target)
      } else {
        Files.createDirectories(target.parent)
        zip.getInputStream(entry).withCloseable { Files.copy(it, target) }
      }
    }
  }
  home.resolve('bin').toFile().eachFileRecurse { it.executable = true }
  Files.writeString(mark, archive.toFile().canonicalPath)
}

/**
 * Development mode waits for the server's messages in messages.log in the server's folder, whatever LOG_DIR and
 * the name of the log say. A link there leads to the log.
 */
void linkMessagesLog(String logs) {
  def link = Path.of(liberty['liberty.home'], 'usr', 'servers', 'scalability', 'logs', 'messages.log')
  Files.createDirectories(link.parent)
  Files.deleteIfExists(link)
  Files.createSymbolicLink(link, Path.of(logs).toAbsolutePath().resolve('application.log'))
}

int postgresPort() {
  endLeftOver(data.resolve('postgres/postmaster.pid'), 'postgres')
  int port = freePort(5432, 'PostgreSQL')
  liberty['liberty.env.DATABASE_URL'] = "postgresql://postgres:postgres@localhost:${port}/postgres".toString()
  log.info("PostgreSQL: port ${port}, data in .data/postgres")
  return port
}

ProcessHandle startPostgres(int port) {
  def directory = data.resolve('postgres')
  EmbeddedPostgres.builder()
      .setPort(port)
      .setDataDirectory(directory.toFile())
      .setCleanDataDirectory(false)
      .setRegisterShutdownHook(false)
      .setServerConfig('fsync', 'on')
      .setServerConfig('synchronous_commit', 'on')
      .setServerConfig('shared_buffers', '128MB')
      .setServerConfig('max_connections', '100')
      .setServerConfig('listen_addresses', '127.0.0.1')
      .setPGStartupWait(Duration.ofSeconds(30))
      .start()
  return processOf(directory.resolve('postmaster.pid'))
}

int redisPort() {
  endLeftOver(data.resolve('redis/redis.pid'), 'redis')
  int port = freePort(6379, 'Redis')
  liberty['liberty.env.REDIS_URL'] = "redis://localhost:${port}".toString()
  log.info("Redis: port ${port}, data in .data/redis")
  return port
}

/** Redis makes itself a daemon, so that Ctrl-C reaches it only after the server is through with it. */
ProcessHandle startRedis(int port) {
  def directory = Files.createDirectories(data.resolve('redis'))
  def pidFile = directory.resolve('redis.pid')
  def program = ExecutableProvider.newJarResourceProvider(Files.createDirectories(data.resolve('bin')).toFile()).get()
  def command = [program.path, '--port', "$port", '--bind', '127.0.0.1', '--dir', "$directory", '--daemonize', 'yes',
                 '--pidfile', "$pidFile", '--logfile', 'redis.log', '--appendonly', 'yes', '--appendfsync', 'everysec',
                 '--maxmemory-policy', 'noeviction']*.toString()
  def process = new ProcessBuilder(command).redirectErrorStream(true).start()
  def output = process.inputStream.text
  if (process.waitFor() != 0) {
    throw new MojoFailureException("Redis does not start: ${output}")
  }
  waitUntil(10, 'Redis answers') { Files.exists(pidFile) && !isFree(port) }
  return processOf(pidFile)
}

/**
 * Ends the server of an earlier run that was killed itself. The lock is ours, so no other run from this folder is
 * alive; the start time tells the server from a later process with its id.
 */
void endLeftOverServer() {
  def file = data.resolve('liberty.pid')
  if (!Files.exists(file)) {
    return
  }
  // Killed while it wrote, a run leaves less than this.
  def (pid, start) = Files.readString(file).tokenize()
  def left = pid && start ? ProcessHandle.of(pid as long).orElse(null) : null
  if (left && startOf(left) == start) {
    log.info("Ending the server of an earlier run that was killed: process ${pid}")
    Closing.end(left)
  }
  Files.deleteIfExists(file)
}

/** Once, for the next run, should this one be killed. */
void rememberServer() {
  def file = data.resolve('liberty.pid')
  if (!Files.exists(file)) {
    Closing.servers().each { Files.writeString(file, "${it.pid()} ${startOf(it)}") }
  }
}

String startOf(ProcessHandle process) {
  return process.info().startInstant().map { it.toString() }.orElse('unknown')
}

/** Ends what an earlier run could not end because it was killed itself. */
void endLeftOver(Path pidFile, String program) {
  if (Files.exists(pidFile)) {
    def left = processOf(pidFile)
    if (left?.info()?.command()?.orElse('')?.contains(program)) {
      Closing.end(left)
    }
  }
}

ProcessHandle processOf(Path pidFile) {
  ProcessHandle.of(Files.readAllLines(pidFile).first().trim() as long).orElse(null)
}

/** Prints where to look once the application says that it is ready. */
void announceWhenReady(int port) {
  def watcher = new Thread({
    def base = "http://localhost:${port}"
    while (statusOf("${base}/health/ready") != 200) {
      rememberServer()
      sleep(500)
    }
    rememberServer()
    def seconds = String.format(Locale.ROOT, '%.1f', (System.currentTimeMillis() - begin) / 1000)
    println """
  Soil Hub Scalability is ready after ${seconds} s

    ${base}/openapi/ui    the REST API
    ${base}/health        is it well
    logs/application.log         what it says

  Ask for a recommendation and wait for the answer:

    curl -s ${base}/api/v1/scalability/variety-recommendations -H 'Content-Type: application/json' \\
      -d '{"crop_id":"corn","latitude":40.0,"longitude":-95.0,"soil_data":{"ph":6.5,"organic_matter":3.2},"preferences":{"yield_priority":"high"}}'
    curl -s '${base}/api/v1/scalability/jobs/<job_id>?wait_seconds=10'

  Ctrl-C stops everything; data stays in .data/
"""
  })
  watcher.daemon = true
  watcher.start()
}

/** The status that a GET answers with, or 0 while nothing answers. */
int statusOf(String url) {
  try {
    def connection = new URL(url).openConnection()
    connection.connectTimeout = 1000
    connection.readTimeout = 5000
    return connection.responseCode
  } catch (IOException ignored) {
    return 0
  }
}

int freePort(int wanted, String what) {
  int port = wanted
  while (!isFree(port)) {
    port++
  }
  if (port != wanted) {
    log.info("${what}: port ${wanted} is taken, using ${port}")
  }
  return port
}

boolean isFree(int port) {
  try (def socket = new ServerSocket()) {
    socket.reuseAddress = true
    socket.bind(new InetSocketAddress('127.0.0.1', port))
    return true
  } catch (BindException ignored) {
    return false
  }
}

void waitUntil(int seconds, String what, Closure<Boolean> condition) {
  long deadline = System.nanoTime() + seconds * 1_000_000_000L
  while (System.nanoTime() < deadline) {
    if (condition.call()) {
      return
    }
    sleep(100)
  }
  throw new MojoFailureException("waited ${seconds} s in vain until ${what}")
}
