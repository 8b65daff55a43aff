using Stackelberg.Data;
using Stackelberg.Evaluation;
using Stackelberg.Figures;
using Stackelberg.Files;
using Xunit;

namespace Stackelberg.Tests;

public class MixtureMapsTests
{
    [Fact]
    public void Values_at_the_places_come_back_as_the_grid_of_the_function()
    {
        var places = MixtureMaps.Places(-1, 3, 5);
        double[] values = [.. places.Chunk(2).Select(point => 10 * point[0] + point[1])];
        var grid = MixtureMaps.OfPlaces(values, -1, 3);
        Assert.Equal(Grid.Sample(-1, 3, 5, -1, 3, 5, (x, y) => 10 * x + y).Values, grid.Values);
        Assert.Throws<ArgumentException>(() => MixtureMaps.OfPlaces(new double[5]));
    }

    [Fact]
    public void Maps_are_saved_with_their_data()
    {
        using var folder = new TemporaryFolder();
        var grid = Grid.Sample(-2, 2, 200, -2, 2, 200, GaussianMixture.Diamond.Density);
        MixtureMaps.Density(grid, GaussianMixture.Diamond).Save(folder.Path, "density");
        Assert.NotEmpty(Npz.Read(folder.Of("density.npz")));
        var small = Grid.Sample(-2, 2, 20, -2, 2, 20, (x, _) => 0.5 + 0.05 * x);
        MixtureMaps.Discriminator(small, GaussianMixture.Grid).Save(folder.Path, "discriminator");
        // 400 cells, the contour and the one mode of nine that lies inside.
        Assert.InRange(File.ReadLines(folder.Of("discriminator.csv")).Count(), 402, 450);
    }
}
