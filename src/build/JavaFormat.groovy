/*
 * Checks that all Java sources are as google-java-format writes them, with the JDK that compiles them.
 * `mvn process-test-classes -Dformat` rewrites those that are not.
 */
import java.nio.file.Files
import java.nio.file.Path
import org.apache.maven.plugin.MojoFailureException
import org.apache.maven.toolchain.ToolchainManager

def toolchain = session.container.lookup(ToolchainManager).getToolchainFromBuildContext('jdk', session)
def java = toolchain ? toolchain.findTool('java') : Path.of(System.getProperty('java.home'), 'bin', 'java').toString()
def formatter = pluginArtifacts.find { it.artifactId == 'google-java-format' }.file.path
def base = project.basedir.toPath()
def sources = ['src', 'bench/src'].collect { base.resolve(it) }.findAll { Files.exists(it) }
    .collectMany { Files.walk(it).filter { file -> file.toString().endsWith('.java') }.toList() }
    .collect { base.relativize(it).toString() }.sort()

def compiler = ['api', 'code', 'file', 'parser', 'tree', 'util']
def mode = session.userProperties.containsKey('format') ? ['--replace'] : ['--dry-run', '--set-exit-if-changed']
def command = [java] + compiler.collect { "--add-exports=jdk.compiler/com.sun.tools.javac.${it}=ALL-UNNAMED".toString() } +
    ['-jar', formatter] + mode + sources
def process = new ProcessBuilder(command).directory(project.basedir).redirectErrorStream(true).start()
def output = process.inputStream.text
if (process.waitFor() != 0) {
  throw new MojoFailureException("Not formatted (mvn process-test-classes -Dformat mends it):\n${output}")
}
