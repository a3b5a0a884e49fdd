/** A client for Foretaste recommendation servers. */
module foretaste.client {
    exports foretaste;
}
