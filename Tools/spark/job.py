"""The Spark job of Tools/spark-build: one file, so that spark-submit can take it to a cluster as it is.

    spark-submit --py-files '' Tools/spark/job.py --interactions PATH... --out PATH [options]

Executors need numpy and scipy. Rows are weighted, refused and counted as `foretaste build` does; the result is a folder for
`foretaste build --given`: given.json, item-links or item-factors, popularity, histories. Nothing of the size of the data comes to the
driver: its memory holds counts, and for factors the items' matrix (items x dimension x 4 bytes).
"""

import argparse
import json
import math
import sys

import numpy
import scipy.sparse
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

DAY = 86_400_000
GREATEST_TIME = 253_402_300_799_999
GREATEST_NUMBER = 1e15
WEIGHTS = {"view": 1.0, "search": 5.0, "cart": 20.0, "purchase": 40.0, "rating": 1.0}
# As the reader's default names, the likeliest first; case, "_", "-" and spaces do not matter.
NAMES = {
    "userId": ["userid", "user", "customerid", "customer", "visitorid"],
    "itemId": ["itemid", "item", "movieid", "productid", "product", "articleid", "sku", "stockcode"],
    "time": ["time", "timestamp", "ts", "datetime", "date", "eventtime", "createdat", "invoicedate", "orderdate"],
    "value": ["value", "rating", "stars", "score", "quantity", "qty"],
    "type": ["type", "event", "eventtype", "action"],
}
RATING_NAMES = ["rating", "stars", "score"]
MISSING = ["nan", "null", "(null)", "<null>", "\\n", "none", "nil", "n/a", "n.a.", "#n/a", "na", "<na>", "nat", "undefined", "-", "--"]
KNN_HISTORY = 3000
# Multiply-adds of one block of users: some hundred megabytes of an executor.
BLOCK_WORK = 2e7
PART_ROWS = 250_000


def stop(sentence):
    print(f"spark-build: {sentence}", file=sys.stderr)
    sys.exit(1)


def pairs(text, what):
    result = {}
    for pair in filter(None, (text or "").split(",")):
        name, mark, value = pair.partition("=")
        if not mark or not name:
            stop(f"{what}: expected pairs such as name=value separated by commas, found \"{pair}\"")
        result[name] = value
    return result


def options():
    parser = argparse.ArgumentParser(prog="spark-build", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interactions", required=True, nargs="+", metavar="PATH", help="CSV, TSV, JSON Lines or Parquet, anything that Spark reads")
    parser.add_argument("--out", required=True, metavar="PATH", help="folder for `foretaste build --given`; must not exist")
    parser.add_argument("--columns", default="", help="userId=CustomerID,itemId=StockCode,time=InvoiceDate,value=Quantity,type=event")
    parser.add_argument("--event-type", help="of rows that have none")
    parser.add_argument("--event-weights", default="", help="view=1,search=5,cart=20,purchase=40,dislike=-5")
    parser.add_argument("--half-life", type=float, metavar="DAYS")
    parser.add_argument("--time-unit", choices=["seconds", "milliseconds"], help="of times that are numbers; default: by their size")
    parser.add_argument("--max-bad-rows", type=float, default=0.001, metavar="SHARE")
    parser.add_argument("--model", choices=["item-knn", "ials"], default="item-knn")
    parser.add_argument("--knn-shrinkage", type=float, default=20)
    parser.add_argument("--neighbours", type=int, default=100)
    parser.add_argument("--ials-dimension", type=int, default=192)
    parser.add_argument("--ials-epochs", type=int, default=12)
    parser.add_argument("--ials-regularisation", type=float, default=0.007)
    parser.add_argument("--ials-alpha", type=float, default=0.3, help="what an item that a user does not have counts")
    parser.add_argument("--seed", type=int, default=42)
    return parser.parse_args()


# Reading


def read(spark, paths):
    frames = []
    for path in paths:
        name = path.lower().rstrip("/")
        for end in (".gz", ".zst", ".bz2"):
            name = name.removesuffix(end)
        if name.endswith((".parquet", ".pq")):
            frames.append(spark.read.parquet(path))
        elif name.endswith((".json", ".jsonl", ".ndjson")):
            # As strings: an id of digits stays what it is.
            frames.append(spark.read.option("primitivesAsString", True).json(path))
        else:
            separator = "\t" if name.endswith((".tsv", ".tab")) else ","
            frames.append(spark.read.option("header", True).option("sep", separator).option("quote", '"').option("escape", '"').csv(path))
    frame = frames[0]
    for other in frames[1:]:
        if sorted(other.columns) != sorted(frame.columns):
            stop(f"the files have different columns: {frame.columns} and {other.columns}")
        frame = frame.unionByName(other)
    return frame


def find_columns(names, given):
    plain = {name: "".join(c for c in name.lower() if c not in "_- ") for name in names}
    found = {}
    for role, column in given.items():
        if role not in NAMES:
            stop(f"--columns: expected {', '.join(NAMES)}, found \"{role}\"")
        if column and column not in names:
            stop(f"--columns: there is no column \"{column}\", only {', '.join(names)}")
        if column:
            found[role] = column
    for role, defaults in NAMES.items():
        if role in given:
            continue
        for default in defaults:
            match = next((name for name in names if plain[name] == default and name not in found.values()), None)
            if match:
                found[role] = match
                break
    for role in ("userId", "itemId"):
        if role not in found:
            stop(f"no column is known for {role} among {', '.join(names)}: name it by --columns {role}=NAME")
    return found


def milliseconds(frame, column, unit):
    kind = dict(frame.dtypes)[column]
    if kind.startswith("timestamp") or kind == "date":
        return (F.col(column).cast("timestamp").cast("double") * 1000).cast("long")
    text = F.trim(F.col(column).cast("string"))
    number = text.cast("double")
    if unit is None:
        # Judged by the whole column: ten digits are seconds, thirteen milliseconds.
        greatest = frame.select(F.max(F.abs(number))).first()[0]
        unit = "seconds" if greatest is not None and greatest < 1e11 else "milliseconds"
    factor = 1000 if unit == "seconds" else 1
    written = F.coalesce(*[F.to_timestamp(text, form) for form in
                           ("yyyy-MM-dd'T'HH:mm:ss[.SSS]" + 3 * "X", "yyyy-MM-dd'T'HH:mm:ss[.SSS]", "yyyy-MM-dd HH:mm:ss[.SSS]", "yyyy-MM-dd HH:mm", "yyyy-MM-dd")])
    return F.when(number.isNotNull(), F.round(number * factor).cast("long")).otherwise((written.cast("double") * 1000).cast("long"))


def text_or_nothing(column):
    text = column.cast("string")
    return F.when(F.trim(F.lower(text)).isin(MISSING) | (F.trim(text) == ""), None).otherwise(text)


def is_bad_id(column):
    return (F.octet_length(column) > 256) | column.rlike("[\\x00-\\x1f\\x7f-\\x9f]")


def weighted(frame, found, settings):
    """The rows that count, as user, item, time, weight, and what became of the others."""
    weights = dict(WEIGHTS)
    for name, value in pairs(settings.event_weights, "--event-weights").items():
        weights[name.lower()] = float(value)
    is_rating = "value" in found and "".join(c for c in found["value"].lower() if c not in "_- ") in RATING_NAMES
    default = (settings.event_type or ("rating" if is_rating else "view")).lower()
    if default not in weights:
        stop(f"the event type {default} has no weight: give it one by --event-weights {default}=1")
    value = text_or_nothing(F.col(found["value"])) if "value" in found else F.lit(None).cast("string")
    kind = F.lower(F.coalesce(F.col(found["type"]).cast("string"), F.lit(default))) if "type" in found else F.lit(default)
    has_times = "time" in found
    rows = frame.select(
        text_or_nothing(F.col(found["userId"])).alias("user"), text_or_nothing(F.col(found["itemId"])).alias("item"),
        kind.alias("type"), value.alias("text"), value.cast("float").alias("value"),
        (milliseconds(frame, found["time"], settings.time_unit) if has_times else F.lit(0).cast("long")).alias("time"))
    known = F.create_map(*[F.lit(part) for pair in weights.items() for part in pair])
    is_order = (F.col("type") == "purchase") | F.lit("type" not in found and "value" in found and not is_rating)
    number = F.col("value")
    verdict = (
        F.when(F.col("item").isNull(), "missingItemId")
        .when(F.col("user").isNull() & is_order, "guest")
        .when(F.col("user").isNull(), "missingUserId")
        .when(is_bad_id(F.col("user")) | is_bad_id(F.col("item")), "badId")
        .when(F.lit(has_times) & (F.col("time").isNull() | (F.abs(F.col("time")) > GREATEST_TIME)), "unparseableTime")
        .when(known[F.col("type")].isNull(), "unknownEventType")
        .when(F.col("text").isNotNull() & (number.isNull() | F.isnan(number) | (F.abs(number) > GREATEST_NUMBER)), "unparseableNumber")
        .when(F.col("text").isNull() & (F.col("type") == "rating"), "missingValue")
        .when((F.col("type") != "rating") & (number <= 0), "return")
        .otherwise("good"))
    rows = rows.withColumn("verdict", verdict).persist()
    counts = {row["verdict"]: row["count"] for row in rows.groupBy("verdict").count().collect()}
    total = sum(counts.values())
    bad = sum(count for name, count in counts.items() if name not in ("good", "guest", "return"))
    print(f"spark-build: {total} rows, {counts.get('good', 0)} good; " + ", ".join(f"{n} {c}" for n, c in sorted(counts.items()) if n != "good"))
    if bad > settings.max_bad_rows * total:
        stop(f"{bad} of {total} rows are bad, more than {settings.max_bad_rows}: mend them, name the columns by --columns, or allow more by --max-bad-rows")
    if not counts.get("good"):
        stop("there is no good row")
    if settings.half_life and not has_times:
        stop("--half-life needs times: name their column by --columns time=NAME")
    good = rows.where("verdict = 'good'")
    # Few rows in many parts are all overhead.
    parts = max(good.sparkSession.sparkContext.defaultParallelism, math.ceil(counts["good"] / PART_ROWS))
    good.sparkSession.conf.set("spark.sql.shuffle.partitions", parts)
    reference = good.select(F.max("time")).first()[0] if has_times else 0
    weight = known[F.col("type")] * F.when(number.isNull(), 1.0).otherwise(number.cast("double"))
    if settings.half_life:
        weight = weight * F.pow(F.lit(2.0), (F.col("time") - F.lit(reference)) / F.lit(settings.half_life * DAY))
    return good.select("user", "item", "time", weight.alias("weight")), has_times, reference, counts["good"]


# Models


def with_numbers(sums):
    """Items in the order of their bytes as numbers, which is that of an index's contents."""
    items = sums.select("item").distinct().rdd.map(lambda row: row[0]).sortBy(lambda name: name.encode()).zipWithIndex()
    frame = items.map(lambda pair: (pair[0], int(pair[1]))).toDF(T.StructType([T.StructField("item", T.StringType()), T.StructField("number", T.IntegerType())]))
    frame = frame.persist()
    return frame, frame.count()


def histories_of(sums, numbers):
    """Per user the numbers of items and the damped sums, as arrays."""
    damped = (F.signum("sum") * F.log1p(F.abs(F.col("sum").cast("double")))).cast("float")
    joined = sums.join(numbers, "item").select("user", "number", damped.alias("x"))
    return joined.rdd.map(lambda row: (row[0], (row[1], row[2]))).groupByKey().mapValues(
        lambda entries: (lambda held: (numpy.array([e[0] for e in held], numpy.int32), numpy.array([e[1] for e in held], numpy.float32)))(sorted(entries)))


def strongest(columns, values):
    kept = values != 0
    columns, values = columns[kept], values[kept]
    if len(columns) > KNN_HISTORY:
        order = numpy.argsort(-numpy.abs(values), kind="stable")[:KNN_HISTORY]
        order.sort()
        columns, values = columns[order], values[order]
    return columns, values


def block_products(histories, item_count):
    """Of one block of users after the other, rows of X'X and of the numbers of common users: (item, (columns, products, counts))."""
    def products(block):
        lengths = [len(columns) for columns, _ in block]
        offsets = numpy.concatenate([[0], numpy.cumsum(lengths)])
        columns = numpy.concatenate([columns for columns, _ in block])
        x = scipy.sparse.csr_matrix((numpy.concatenate([values for _, values in block]).astype(numpy.float64), columns, offsets), shape=(len(block), item_count))
        dots, ones = (x.T @ x).tocsr(), x.copy()
        ones.data[:] = 1
        counts = (ones.T @ ones).tocsr()
        # A product may be 0 where a count is not; both have the places of the counts.
        for item in numpy.unique(columns):
            places = counts.indices[counts.indptr[item]:counts.indptr[item + 1]]
            common = counts.data[counts.indptr[item]:counts.indptr[item + 1]]
            found = dots.indices[dots.indptr[item]:dots.indptr[item + 1]]
            values = numpy.zeros(len(places))
            order = numpy.argsort(places)
            values[order[numpy.searchsorted(places[order], found)]] = dots.data[dots.indptr[item]:dots.indptr[item + 1]]
            yield int(item), (places.astype(numpy.int32), values, common.astype(numpy.int32))

    block, work = [], 0
    for _, (columns, values) in histories:
        columns, values = strongest(columns, values)
        if not len(columns):
            continue
        block.append((columns, values))
        work += len(columns) ** 2
        if work >= BLOCK_WORK:
            yield from products(block)
            block, work = [], 0
    if block:
        yield from products(block)


def merged(one, other):
    columns = numpy.concatenate([one[0], other[0]])
    unique, places = numpy.unique(columns, return_inverse=True)
    dots = numpy.bincount(places, numpy.concatenate([one[1], other[1]]), len(unique))
    counts = numpy.bincount(places, numpy.concatenate([one[2], other[2]]), len(unique))
    return unique.astype(numpy.int32), dots, counts.astype(numpy.int32)


def item_links(spark, histories, item_count, settings):
    """(source, target, score): the strongest sources of each target, by shrunk cosine."""
    rows = histories.mapPartitions(lambda part: block_products(part, item_count)).reduceByKey(merged).persist()

    def length(item, row):
        place = numpy.searchsorted(row[0], item) if (numpy.diff(row[0]) > 0).all() else int(numpy.nonzero(row[0] == item)[0][0])
        return math.sqrt(row[1][place])

    lengths = numpy.zeros(item_count)
    for item, value in rows.map(lambda pair: (pair[0], length(*pair))).collect():
        lengths[item] = value
    shared = spark.sparkContext.broadcast(lengths)

    def best(pair):
        item, (columns, dots, counts) = pair
        lengths = shared.value
        score = dots / (lengths[item] * lengths[columns]) * counts / (counts + settings.knn_shrinkage)
        allowed = (columns != item) & (score > 0)
        columns, score = columns[allowed], score[allowed].astype(numpy.float32)
        order = numpy.lexsort((columns, -score))[:settings.neighbours]
        return [(int(columns[place]), item, float(score[place])) for place in order]

    return rows.flatMap(best)


def als_factors(spark, histories, item_count, settings):
    """Implicit ALS (Hu, Koren, Volinsky 2008; regularised as Rendle and others 2022), a half epoch a job: the other side's factors go to
    all executors, each solves the systems of its rows."""
    dimension, alpha, strength = settings.ials_dimension, settings.ials_alpha, settings.ials_regularisation
    by_user = histories.persist()
    total, count = by_user.map(lambda row: (float(numpy.abs(row[1][1]).sum()), int((row[1][1] != 0).sum()))).reduce(lambda a, b: (a[0] + b[0], a[1] + b[1]))
    scale = count / total
    numbered = by_user.zipWithIndex().map(lambda pair: (pair[1], pair[0][1])).persist()
    user_count = numbered.count()
    by_item = numbered.flatMap(lambda row: [(int(c), (row[0], float(x))) for c, x in zip(*row[1]) if x != 0]).groupByKey().mapValues(
        lambda held: (lambda held: (numpy.array([e[0] for e in held], numpy.int64), numpy.array([e[1] for e in held], numpy.float32)))(sorted(held))).persist()

    def solved(rows, fixed, known_count):
        gram = alpha * (fixed.value.T @ fixed.value)
        for key, (places, x) in rows:
            places, x = places[x != 0], x[x != 0]
            if not len(places):
                continue
            confidences = numpy.abs(x).astype(numpy.float64) * scale
            vectors = fixed.value[places]
            matrix = gram + (vectors * confidences[:, None]).T @ vectors
            matrix[numpy.diag_indices(dimension)] += strength * (confidences.sum() + alpha * known_count)
            yield key, numpy.linalg.solve(matrix, (vectors * (confidences * (x > 0))[:, None]).sum(axis=0)).astype(numpy.float32)

    def side(rows, fixed, size):
        known = int((fixed != 0).any(axis=1).sum())
        shared = spark.sparkContext.broadcast(fixed.astype(numpy.float64))
        factors = numpy.zeros((size, dimension), numpy.float32)
        for key, vector in rows.mapPartitions(lambda part: solved(part, shared, known)).toLocalIterator():
            factors[key] = vector
        shared.destroy()
        return factors

    generator = numpy.random.default_rng(settings.seed)
    items = (generator.standard_normal((item_count, dimension)) * 0.1 / math.sqrt(dimension)).astype(numpy.float32)
    known_items = numpy.zeros(item_count, bool)
    known_items[by_item.keys().collect()] = True
    items[~known_items] = 0
    for epoch in range(settings.ials_epochs):
        users = side(numbered, items, user_count)
        items = side(by_item, users, item_count)
        print(f"spark-build: epoch {epoch + 1} of {settings.ials_epochs}", flush=True)
    foldin = {"regularisation": strength, "regularisationExponent": 1, "unobservedWeight": alpha, "confidenceScale": float(numpy.float32(scale))}
    return items, foldin


# Writing


def write(frame, path):
    frame.write.mode("error").option("compression", "gzip").json(path)


def write_text(spark, text, path):
    hadoop = spark._jvm.org.apache.hadoop.fs.Path(path)
    stream = hadoop.getFileSystem(spark._jsc.hadoopConfiguration()).create(hadoop)
    stream.write(bytearray(text.encode()))
    stream.close()


def main():
    settings = options()
    spark = SparkSession.builder.appName("foretaste spark-build").config("spark.sql.session.timeZone", "UTC").config("spark.sql.ansi.enabled", False).getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    out = settings.out.rstrip("/")
    frame = read(spark, settings.interactions)
    found = find_columns(frame.columns, pairs(settings.columns, "--columns"))
    print("spark-build: columns " + ", ".join(f"{role}={name}" for role, name in found.items()))
    good, has_times, reference, row_count = weighted(frame, found, settings)
    if not has_times:
        stop("there is no column of times: the order of rows is none in Spark. Name one by --columns time=NAME")
    sums = good.groupBy("user", "item").agg(F.sum("weight").cast("float").alias("sum"), F.max("time").alias("time")).persist()
    numbers, item_count = with_numbers(sums)
    histories = histories_of(sums, numbers)
    manifest = {"format": 1, "model": settings.model, "madeBy": f"spark-build on Spark {spark.version}", "rows": {},
                "histories": {"hasTimes": True, "referenceTime": reference, "interactions": row_count}}
    write(sums.select(F.col("user").alias("userId"), F.col("item").alias("itemId"), "sum", "time"), f"{out}/histories")
    manifest["rows"]["histories"] = sums.count()
    if settings.model == "item-knn":
        links = item_links(spark, histories, item_count, settings).toDF(T.StructType([
            T.StructField("source", T.IntegerType()), T.StructField("target", T.IntegerType()), T.StructField("score", T.FloatType())])).persist()
        source = numbers.select(F.col("item").alias("itemId"), F.col("number").alias("source"))
        target = numbers.select(F.col("item").alias("neighbourId"), F.col("number").alias("target"))
        write(links.join(source, "source").join(target, "target").select("itemId", "neighbourId", "score"), f"{out}/item-links")
        manifest["rows"]["item-links"] = links.count()
    else:
        items, manifest["ials"] = als_factors(spark, histories, item_count, settings)
        shared = spark.sparkContext.broadcast(items)
        vectors = numbers.rdd.map(lambda row: (row[0], [float(x) for x in shared.value[row[1]]])).filter(lambda row: any(row[1]))
        frame = vectors.toDF(T.StructType([T.StructField("itemId", T.StringType()), T.StructField("vector", T.ArrayType(T.FloatType()))])).persist()
        write(frame, f"{out}/item-factors")
        manifest["rows"]["item-factors"] = frame.count()
    # Last: a folder without it is none.
    write_text(spark, json.dumps(manifest, indent=2) + "\n", f"{out}/given.json")
    print(f"spark-build: {item_count} items, {manifest['rows']} rows in {out}: foretaste build --given {out} --index DIR")
    spark.stop()


if __name__ == "__main__":
    main()
