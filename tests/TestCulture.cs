using System.Globalization;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestPipelineStartup(typeof(Stackelberg.Tests.TestCulture))]

namespace Stackelberg.Tests;

/// <summary>Runs all tests under the culture of STACKELBERG_TEST_CULTURE, "de-DE" for example; without it under the machine's
/// own.</summary>
public sealed class TestCulture : ITestPipelineStartup
{
    public ValueTask StartAsync(IMessageSink diagnosticMessageSink)
    {
        var name = Environment.GetEnvironmentVariable("STACKELBERG_TEST_CULTURE");
        if (!string.IsNullOrEmpty(name))
        {
            var culture = Of(name);
            CultureInfo.DefaultThreadCurrentCulture = culture;
            CultureInfo.DefaultThreadCurrentUICulture = culture;
            CultureInfo.CurrentCulture = culture;
            CultureInfo.CurrentUICulture = culture;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask StopAsync() => ValueTask.CompletedTask;

    // Where the machine knows no cultures: the numbers of one whose decimal sign is a comma.
    private static CultureInfo Of(string name)
    {
        try
        {
            return CultureInfo.GetCultureInfo(name);
        }
        catch (CultureNotFoundException)
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            culture.NumberFormat.NumberGroupSeparator = ".";
            culture.NumberFormat.NegativeSign = "\u2212";
            return culture;
        }
    }
}
