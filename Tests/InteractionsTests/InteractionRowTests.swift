import Interactions
import Testing

struct InteractionRowTests {
    @Test func mappingIsParsed() throws {
        let mapping = try ColumnMapping(parsing: "userId=Customer ID,itemId=a=b,value=")
        #expect(mapping["userId"] == "Customer ID" && mapping["itemId"] == "a=b" && mapping["value"] == "")
        #expect(mapping["time"] == nil)
        #expect(mapping.description == "userId=Customer ID,itemId=a=b,value=")
        for text in ["", "userId", "=x", "userId=a,userId=b", "userId=a,"] {
            #expect(throws: ReadError.self) { try ColumnMapping(parsing: text) }
        }
    }

    @Test func mappedColumns() throws {
        let columns = try ColumnMapping(
            parsing:
                "userId=CustomerID,itemId=StockCode,time=InvoiceDate,value=Quantity,sessionId=Invoice,query=Country")
        let (log, report) = try readRows(
            """
            Invoice,StockCode,Quantity,InvoiceDate,CustomerID,Country
            1,85123A,6,2010-12-01 08:26:00,17850,UK
            1,D,-1,2010-12-01 08:26:00,17850,UK
            1,E,0,2010-12-01 08:26:00,17850,UK
            1,F,x,2010-12-01 08:26:00,17850,UK
            1,G,1e39,2010-12-01 08:26:00,17850,UK
            1,H,,2010-12-01 08:26:00,17850,UK
            1,I,1,01/12/2010,17850,UK
            """, options: lenient(nil, columns), eventType: "Purchase")
        let time: Int64 = 1_291_191_960_000
        #expect(
            log.rows == [Row("17850", "85123A", time, 6, "purchase"), Row("17850", "H", time, nil, "purchase")])
        #expect(report.badRows[.nonPositiveQuantity] == 2)
        #expect(report.badRows[.unparseableNumber] == 2)
        #expect(report.badRows[.unparseableTime] == 1)
    }

    @Test func defaultNamesIgnoreCaseAndPunctuation() throws {
        for header in ["User_ID,MOVIE-ID,Time Stamp", "customer,product_id,created_at", "visitorId,sku,DATE"] {
            let (log, _) = try readRows("\(header)\nu,i,1\n")
            #expect(log.rows == [Row("u", "i", 1000)], "\(header)")
        }
    }

    @Test func unknownRoleIsAnError() throws {
        let error = try readError(
            "user,item\nu,i\n", options: SourceOptions(columns: try ColumnMapping(parsing: "usrId=user")))
        #expect(error?.code == .badOption && error?.remedy == "Did you mean userId?")
    }

    @Test func typesDecide() throws {
        let (log, report) = try readRows(
            "user,item,event,value\nu,a,VIEW,\nu,b,rating,-2\nu,c,rating,\nu,d,boom,1\nu,e,,1\nu,f,Cart,3\n",
            options: lenient())
        #expect(
            log.rows == [
                Row("u", "a", 0), Row("u", "b", 1, -2, "rating"), Row("u", "f", 2, 3, "cart"),
            ])
        #expect(report.badRows[.missingValue] == 1 && report.badRows[.unknownEventType] == 2)
        #expect(report.badRows.samples.map(\.detail) == ["", "boom", ""])
    }

    @Test func standardTypeFollowsTheValueColumn() throws {
        #expect(try readRows("user,item,Rating\nu,i,4.5\n").log.rows == [Row("u", "i", 0, 4.5, "rating")])
        #expect(try readRows("user,item,qty\nu,i,4\n").log.rows == [Row("u", "i", 0, 4, "view")])
        #expect(try readRows("user,item\nu,i\n", eventType: "cart").log.rows == [Row("u", "i", 0, nil, "cart")])
        #expect(try readError("user,item\nu,i\n", eventType: "wish")?.code == .badOption)
    }

    @Test func customWeights() throws {
        let weights = try EventWeights(parsing: "Dislike=-5, cart =30")
        #expect(weights.weight(of: "dislike") == -5 && weights.weight(of: "CART") == 30)
        #expect(weights.weight(of: "view") == 1 && weights.weight(of: "search") == 5)
        #expect(weights.weight(of: "purchase") == 40 && weights.weight(of: "rating") == 1)
        #expect(weights.names == ["view", "search", "cart", "purchase", "rating", "dislike"])
        for text in ["", "cart", "cart=", "cart=x", "cart=nan", "=1", "a=1,,b=2", "a=1, A=2"] {
            #expect(throws: ReadError.self) { try EventWeights(parsing: text) }
        }
        let changed = try EventWeights(parsing: "visit=3,cart=1", changing: EventWeights(parsing: "visit=1"))
        #expect(changed.names == ["view", "search", "cart", "purchase", "rating", "visit"])
        #expect(changed.weight(of: "visit") == 3 && changed.weight(of: "cart") == 1)
        let many = (0..<252).map { "t\($0)=1" }.joined(separator: ",")
        #expect(throws: ReadError.self) { try EventWeights(parsing: many) }
        let file = try TemporaryFile("user,item,type\nu,i,dislike\n")
        #expect(
            try InteractionReader.read(path: file.path, weights: weights).log.rows == [Row("u", "i", 0, nil, "dislike")]
        )
    }

    @Test func movieLensLayouts() throws {
        let ratings100k = try readRows(
            "196\t242\t3\t881250949\n", name: "u.data", options: SourceOptions(format: .movielens100k))
        #expect(ratings100k.log.rows == [Row("196", "242", 881_250_949_000, 3, "rating")])
        let dat = try readRows(
            "1::1193::5::978300760\n", name: "ratings.dat", options: SourceOptions(format: .movielens1m))
        #expect(dat.log.rows == [Row("1", "1193", 978_300_760_000, 5, "rating")])
        let order = try readRows("1,1193,5\n1,661,3\n", options: SourceOptions(format: .movielens1m))
        #expect(order.log.rows == [Row("1", "1193", 0, 5, "rating"), Row("1", "661", 1, 3, "rating")])
        #expect(!order.log.hasTimes)
        let pairs = try readRows("1,1193\n", options: SourceOptions(format: .movielens1m))
        #expect(pairs.log.rows == [Row("1", "1193", 0)])
        let csv = try readRows(
            "userId,movieId,rating,timestamp\n1,3,4.5,964981247\n", options: SourceOptions(format: .movielensCSV))
        #expect(csv.log.rows == [Row("1", "3", 964_981_247_000, 4.5, "rating")])
    }
}
