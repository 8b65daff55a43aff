using Xunit.Sdk;
using Xunit.v3;

[assembly: TestPipelineStartup(typeof(Stackelberg.Tests.TestCulture))]

namespace Stackelberg.Tests;

/// <summary>Runs all tests, and the processes that they start, under the culture of STACKELBERG_TEST_CULTURE, "de-DE" for example;
/// without it under the machine's own.</summary>
public sealed class TestCulture : ITestPipelineStartup
{
    public ValueTask StartAsync(IMessageSink diagnosticMessageSink)
    {
        StartupHook.Initialize();
        StartupHook.HandOn();
        return ValueTask.CompletedTask;
    }

    public ValueTask StopAsync() => ValueTask.CompletedTask;
}
