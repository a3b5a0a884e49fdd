/// The one script: it refreshes the figures that change while a page is looked at. Without it everything else works.
enum DashboardScript {
    static let bytes = Array(source.utf8)

    private static let source = """
        "use strict";
        (function () {
          var figures = document.querySelectorAll("[data-live]");
          if (!figures.length) return;
          var waiting = 2000;
          function show(values) {
            figures.forEach(function (figure) {
              var value = values[figure.dataset.live];
              if (typeof value === "string" && figure.textContent !== value) figure.textContent = value;
            });
          }
          function look() {
            if (document.hidden) { setTimeout(look, waiting); return; }
            fetch("/dashboard/live", { cache: "no-store", credentials: "same-origin" })
              .then(function (reply) { if (!reply.ok) throw new Error(reply.status); return reply.json(); })
              .then(function (values) { waiting = 2000; show(values); })
              // A server that is gone is not asked as often.
              .catch(function () { waiting = Math.min(waiting * 2, 60000); })
              .then(function () { setTimeout(look, waiting); });
          }
          setTimeout(look, waiting);
        })();

        """
}
