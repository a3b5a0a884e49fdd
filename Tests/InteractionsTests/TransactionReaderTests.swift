import Interactions
import Testing

struct TransactionReaderTests {
    private func read(
        _ text: String, name: String = "rows.csv", columns: String = "", maxBadRows: MaxBadRows = .share(1)
    ) throws -> (log: TransactionLog, report: ReadReport) {
        let file = try TemporaryFile(text, name: name)
        let mapping = columns.isEmpty ? ColumnMapping.none : try ColumnMapping(parsing: columns)
        return try TransactionReader.read(
            path: file.path, options: SourceOptions(columns: mapping, maxBadRows: maxBadRows))
    }

    @Test func findsColumnsByTheirUsualNames() throws {
        let (log, report) = try read(
            """
            InvoiceNo,Quantity,InvoiceDate,UnitPrice,CustomerID
            536365,6,2010-12-01 08:26:00,2.55,17850
            536366,-1,2010-12-01 08:26:00,0,
            """)
        #expect(log.count == 2 && report.badRows.total == 0)
        #expect(log.customers.id(at: 0) == "17850" && log.customerIndexes == [0, -1])
        #expect(log.orders.count == 2 && log.quantities == [6, -1] && log.prices == [2.55, 0])
        #expect(log.times[0] == 1_291_191_960_000)
        #expect(
            report.columns.description
                == "userId=CustomerID,orderId=InvoiceNo,time=InvoiceDate,quantity=Quantity,price=UnitPrice")
    }

    @Test func takesNamedColumnsAndJSONLines() throws {
        let (log, _) = try read(
            """
            {"who":"ann","bill":7,"at":"2024-01-02","sum":12.5}
            {"who":null,"bill":"8","at":"2024-01-03","sum":"3"}
            """, name: "rows.jsonl", columns: "userId=who,orderId=bill,time=at,price=sum")
        #expect(log.customerIndexes == [0, -1] && log.quantities == [1, 1] && log.prices == [12.5, 3])
        #expect(log.orders.id(at: 0) == "7")
    }

    @Test func countsBadRowsByReason() throws {
        let (log, report) = try read(
            """
            user,order,time,qty,price
            a,1,2024-01-01,1,1
            a,,2024-01-01,1,1
            a,1,yesterday,1,1
            a,1,2024-01-01,one,1
            a,1,2024-01-01,1,
            """)
        #expect(log.count == 1)
        #expect(report.badRows[.missingOrderId] == 1 && report.badRows[.unparseableTime] == 1)
        #expect(report.badRows[.unparseableNumber] == 2)
    }

    @Test func saysWhatIsMissing() throws {
        func code(_ text: String, columns: String = "", maxBadRows: MaxBadRows = .share(1)) throws -> ReadError.Code? {
            do {
                _ = try read(text, columns: columns, maxBadRows: maxBadRows)
                return nil
            } catch let error as ReadError {
                return error.code
            }
        }
        #expect(try code("user,order,time\na,1,2024-01-01\n") == .missingColumn)
        #expect(try code("user,order,time,price\na,1,2024-01-01,1\n", columns: "itemId=order") == .badOption)
        #expect(try code("user,order,time,price\na,1,2024-01-01,1\n", columns: "orderId=bill") == .missingColumn)
        #expect(
            try code("user,order,time,price\na,1,2024-01-01,1\na,,2024-01-01,1\n", maxBadRows: .count(0))
                == .tooManyBadRows)
    }
}
