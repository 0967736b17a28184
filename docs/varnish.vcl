# A Varnish 7 with vmod_xkey (varnish-modules) as the CDN of the service: CDN_KIND=varnish, CDN_URL its
# address. Put the address of your service and those of its replicas in.
vcl 4.1;

import xkey;

backend service {
  .host = "127.0.0.1";
  .port = "8000";
}

# Who may purge: the replicas. With CDN_TOKEN, compare req.http.Authorization with "Bearer ..." too.
acl purgers {
  "localhost";
}

sub vcl_recv {
  if (req.method == "PURGE") {
    if (client.ip !~ purgers) {
      return (synth(403));
    }
    if (req.http.xkey-purge) {
      set req.http.purged = xkey.purge(req.http.xkey-purge);
    } elseif (req.http.xkey-softpurge) {
      set req.http.purged = xkey.softpurge(req.http.xkey-softpurge);
    } else {
      return (synth(400));
    }
    # 200 when nothing was there as well: the service asks again otherwise.
    return (synth(200, "Purged " + req.http.purged));
  }
}

sub vcl_deliver {
  # The tags are for Varnish alone.
  unset resp.http.xkey;
}
