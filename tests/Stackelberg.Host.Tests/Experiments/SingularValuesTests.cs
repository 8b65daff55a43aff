using Stackelberg.Experiments;
using Xunit;

namespace Stackelberg.Tests;

public class SingularValuesTests
{
    [Fact]
    public void They_ascend()
    {
        // [3 0; 4 5] has AᵀA = [25 20; 20 25] with the eigenvalues 5 and 45.
        var found = SingularValues.Of(
            new double[,]
            {
                { 3, 0 },
                { 4, 5 },
            }
        )!;
        Assert.Equal(Math.Sqrt(5), found[0], 1e-14);
        Assert.Equal(Math.Sqrt(45), found[1], 1e-14);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_matrix_that_is_not_finite_has_none(double entry) =>
        Assert.Null(
            SingularValues.Of(
                new[,]
                {
                    { 1, entry },
                    { 0, 1 },
                }
            )
        );
}
