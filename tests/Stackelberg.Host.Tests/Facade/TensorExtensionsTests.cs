using Xunit;

namespace Stackelberg.Tests.Facade;

public class TensorExtensionsTests
{
    [Fact]
    public void Products_sums_and_shapes_are_those_of_the_matrices()
    {
        Tensor a = Tensor.Of(
            new[,]
            {
                { 1.0, 2.0 },
                { 3.0, 4.0 },
            }
        );
        Assert.Equal(
            new[,]
            {
                { 7.0, 10.0 },
                { 15.0, 22.0 },
            },
            Tensor.MatMul(a, a).ToMatrix()
        );
        Assert.Equal([1.0, 3.0, 2.0, 4.0], a.T.ToArray());
        Assert.Equal([3.0, 4.0], a.At(1).ToArray());
        Assert.Equal([4], a.Reshape(4).Shape);
        Assert.Equal(10.0, Tensor.Sum(a).ToDouble());
        Assert.Equal(2.5, Tensor.Mean(a).ToDouble());
        Assert.Equal(11.0, Tensor.Dot(Tensor.Of(1, 2), Tensor.Of(3, 4)).ToDouble());
    }

    [Fact]
    public void Where_chooses_entry_by_entry()
    {
        Tensor x = Tensor.Of(-1, 2);
        Assert.Equal([1.0, 2.0], Tensor.Where(Tensor.Less(x, Tensor.Scalar(0)), -x, x).ToArray());
    }

    [Fact]
    public void A_vector_is_no_matrix()
    {
        var error = Assert.Throws<ArgumentException>(() => Tensor.Of(1, 2).ToMatrix());
        Assert.Contains("rank 1, but 2 is needed", error.Message, StringComparison.Ordinal);
    }
}
