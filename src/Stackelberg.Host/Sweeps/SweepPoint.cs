namespace Stackelberg.Sweeps;

/// <summary>One run of a sweep.</summary>
/// <param name="Configuration">Everything that decides its numbers.</param>
/// <param name="Varied">The keys that the sweep names, with this point's values.</param>
internal sealed record SweepPoint(
    RunConfiguration Configuration,
    IReadOnlyList<KeyValuePair<string, string>> Varied
)
{
    /// <summary>For instance <c>steps=100 seed=2</c>.</summary>
    public string Words => string.Join(' ', Varied.Select(pair => $"{pair.Key}={pair.Value}"));

    /// <summary>The points of a sweep: every combination of the keys' values, the last key's changing fastest.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="keys">The keys with their values, as the user wrote them; <c>seed</c> is the seed.</param>
    /// <exception cref="UserInputException">A key is unknown, a value is not allowed, or there are too many points.</exception>
    public static IReadOnlyList<SweepPoint> All(
        Experiment experiment,
        IReadOnlyDictionary<string, string> keys
    )
    {
        IEnumerable<KeyValuePair<string, string>[]> combinations =
        [
            [],
        ];
        var count = 1L;
        foreach (var (key, text) in keys)
        {
            // An unknown key is refused before its values are looked at.
            if (key != "seed")
            {
                SettingValues.Resolve(
                    experiment.Name,
                    experiment.Settings,
                    new Dictionary<string, string>
                    {
                        [key] = experiment.Settings.FirstOrDefault(one => one.Key == key)?.Default ?? "",
                    }
                );
            }

            var values = SweepValues.Parse(key, text);
            count *= values.Count;
            if (count > SweepValues.Most)
            {
                throw new UserInputException(
                    $"The sweep has more than {SweepValues.Most} points; give fewer values."
                );
            }

            combinations = combinations.SelectMany(
                _ => values,
                (before, value) => (KeyValuePair<string, string>[])[.. before, new(key, value)]
            );
        }

        return [.. combinations.Select(varied => Point(experiment, varied))];
    }

    private static SweepPoint Point(Experiment experiment, KeyValuePair<string, string>[] varied)
    {
        var settings = varied.Where(pair => pair.Key != "seed");
        var seeds = varied.Where(pair => pair.Key == "seed").Select(pair => Seed(pair.Value));
        return new(
            RunConfiguration.Resolve(
                experiment,
                settings.ToDictionary(pair => pair.Key, pair => pair.Value),
                seeds.Select(seed => (ulong?)seed).FirstOrDefault()
            ),
            varied
        );
    }

    private static ulong Seed(string text) =>
        ulong.TryParse(
            text,
            System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture,
            out var seed
        )
            ? seed
            : throw new UserInputException(
                $"The sweep's seed holds \"{text}\", but whole numbers from 0 are needed, for instance seed=1..10."
            );
}
