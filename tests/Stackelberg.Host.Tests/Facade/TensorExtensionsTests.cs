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
    public void Functions_on_tensors_have_the_values_of_those_of_F_sharp()
    {
        Tensor v = Tensor.Of(3, -4);
        Tensor m = Tensor.Of(
            new[,]
            {
                { 2.0, 1.0 },
                { 1.0, 2.0 },
            }
        );
        (Tensor values, Tensor vectors) = Tensor.SymmetricEigen(m);
        var found = new Dictionary<string, (Tensor Found, double[] Expected)>
        {
            ["norm"] = (Tensor.Norm(v), [5.0]),
            ["norms"] = (Tensor.Norm(m, 0), [Math.Sqrt(5.0), Math.Sqrt(5.0)]),
            ["prod"] = (Tensor.Prod(v), [-12.0]),
            ["cumulative product"] = (Tensor.CumulativeProduct(v, 0), [3.0, -12.0]),
            ["var"] = (Tensor.Var(v), [12.25]),
            ["std"] = (Tensor.Std(v), [3.5]),
            ["clamp"] = (Tensor.Clamp(v, -1, 1), [1.0, -1.0]),
            ["logaddexp"] = (Tensor.LogAddExp(v, v), [3.0 + Math.Log(2.0), -4.0 + Math.Log(2.0)]),
            ["maximum"] = (Tensor.Maximum(v, Tensor.Scalar(0)), [3.0, 0.0]),
            ["minimum"] = (Tensor.Minimum(v, Tensor.Scalar(0)), [0.0, -4.0]),
            ["erf"] = (Tensor.Erf(Tensor.Of(1)), [0.84270079294971489]),
            ["erfc"] = (Tensor.Erfc(Tensor.Of(1)), [0.15729920705028513]),
            ["log gamma"] = (Tensor.LogGamma(Tensor.Of(4)), [Math.Log(6.0)]),
            ["digamma"] = (Tensor.Digamma(Tensor.Of(1)), [-0.57721566490153287]),
            ["asinh"] = (Tensor.Asinh(v), [Math.Asinh(3.0), Math.Asinh(-4.0)]),
            ["acosh"] = (Tensor.Acosh(Tensor.Of(2)), [Math.Acosh(2.0)]),
            ["atanh"] = (Tensor.Atanh(Tensor.Of(0.5)), [Math.Atanh(0.5)]),
            ["sort"] = (Tensor.Sort(v, 0), [-4.0, 3.0]),
            ["argsort"] = (Tensor.ArgSort(v, 0), [1.0, 0.0]),
            ["concat"] = (Tensor.Concat(0, v, v), [3.0, -4.0, 3.0, -4.0]),
            ["split"] = (Tensor.Split(v, 0, 1, 1)[1], [-4.0]),
            ["solve"] = (Tensor.Solve(m, Tensor.Of(3, 3)), [1.0, 1.0]),
            ["inverse"] = (
                Tensor.Inverse(
                    Tensor.Of(
                        new[,]
                        {
                            { 4.0 },
                        }
                    )
                ),
                [0.25]
            ),
            ["det"] = (Tensor.Det(m), [3.0]),
            ["eigenvalues"] = (values, [1.0, 3.0]),
            ["eigenvector"] = (vectors.T.At(^1), [Math.Sqrt(0.5), Math.Sqrt(0.5)]),
            ["singular values"] = (Tensor.SingularValues(m), [3.0, 1.0]),
            ["einsum"] = (Tensor.Einsum("ij,j->i", m, v), [2.0, -5.0]),
            ["last entry"] = (v.At(-1), [-4.0]),
            ["last entry by index"] = (v.At(^1), [-4.0]),
            ["range"] = (v.Slice(1..), [-4.0]),
            ["open extent"] = (m.Reshape(-1), [2.0, 1.0, 1.0, 2.0]),
        };
        foreach ((string name, (Tensor actual, double[] expected)) in found)
        {
            double[] numbers = actual.ToArray();
            Assert.Equal(expected.Length, numbers.Length);
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(
                    Math.Abs(numbers[i] - expected[i]) <= 1e-14,
                    FormattableString.Invariant($"{name}: entry {i} is {numbers[i]:R}, not {expected[i]:R}")
                );
            }
        }
    }

    [Fact]
    public void A_vector_is_no_matrix()
    {
        var error = Assert.Throws<ArgumentException>(() => Tensor.Of(1, 2).ToMatrix());
        Assert.Contains("rank 1, but 2 is needed", error.Message, StringComparison.Ordinal);
    }
}
